package org.porthole.cli;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import org.porthole.cli.text.UsageException;

/// The main method of a class, found as the `java` command finds it.
///
/// **Source.** JLS 25, 12.1.4: `main(String[])` before `main()`, declared or inherited, static or not, but not private.
final class MainMethod {
    private final MethodHandle handle;
    private final boolean takesArguments;

    private MainMethod(MethodHandle handle, boolean takesArguments) {
        this.handle = handle;
        this.takesArguments = takesArguments;
    }

    /// Finds it.
    ///
    /// @param className the class, on the class path of this JVM
    /// @return the method
    /// @throws UsageException if there is no such class, or it has no such method
    static MainMethod of(String className) {
        try {
            Class<?> type = Class.forName(className, false, ClassLoader.getSystemClassLoader());
            Method withArguments = find(type, String[].class);
            return withArguments != null
                    ? new MainMethod(bound(type, withArguments), true)
                    : new MainMethod(bound(type, find(type)), false);
        } catch (ClassNotFoundException e) {
            throw new UsageException("there is no class " + className + " on the class path (--cp adds to it)");
        } catch (LinkageError e) {
            throw new UsageException("the class " + className + " cannot be loaded: " + e);
        }
    }

    /// Runs it.
    ///
    /// @param arguments the program's
    /// @throws Throwable whatever it throws, unwrapped
    @SuppressWarnings("PMD.SignatureDeclareThrowsException")
    void invoke(String... arguments) throws Throwable {
        if (takesArguments) {
            handle.invoke(arguments);
        } else {
            handle.invoke();
        }
    }

    private static Method find(Class<?> type, Class<?>... parameters) {
        for (Class<?> at = type; at != null; at = at.getSuperclass()) {
            for (Method method : at.getDeclaredMethods()) {
                if (method.getName().equals("main")
                        && !Modifier.isPrivate(method.getModifiers())
                        && method.getReturnType() == void.class
                        && java.util.Arrays.equals(method.getParameterTypes(), parameters)) {
                    return method;
                }
            }
        }
        return null;
    }

    private static MethodHandle bound(Class<?> type, Method method) {
        if (method == null) {
            throw new UsageException("the class " + type.getName() + " has no main method");
        }
        try {
            method.setAccessible(true);
            MethodHandle handle = MethodHandles.lookup().unreflect(method);
            if (Modifier.isStatic(method.getModifiers())) {
                return handle;
            }
            Constructor<?> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return handle.bindTo(constructor.newInstance());
        } catch (ReflectiveOperationException e) {
            throw new UsageException("the main method of " + type.getName() + " cannot be called: " + e);
        }
    }
}
