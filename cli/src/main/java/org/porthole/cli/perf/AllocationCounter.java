package org.porthole.cli.perf;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.porthole.cli.UsageException;

/// Counts the bytes that the current thread allocates on the heap: `com.sun.management.ThreadMXBean`, looked up by name, since that is in a
/// module which not every Java has.
final class AllocationCounter {
    private static final String FACTORY = "java.lang.management.ManagementFactory";
    private static final String BEAN = "com.sun.management.ThreadMXBean";

    private final MethodHandle counter;

    private AllocationCounter(MethodHandle counter) {
        this.counter = counter;
    }

    /// Counts nothing.
    static AllocationCounter none() {
        return new AllocationCounter(MethodHandles.constant(long.class, 0L));
    }

    /// Counts.
    ///
    /// @return the counter
    /// @throws UsageException if this Java cannot
    static AllocationCounter ofThread() {
        try {
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            Object bean = Class.forName(FACTORY).getMethod("getThreadMXBean").invoke(null);
            MethodHandle counter = lookup.findVirtual(
                    Class.forName(BEAN), "getCurrentThreadAllocatedBytes", MethodType.methodType(long.class));
            return new AllocationCounter(counter.bindTo(bean));
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw new UsageException("perf: --alloc: this Java does not count what threads allocate: " + e);
        }
    }

    /// What the current thread has allocated so far.
    ///
    /// @return bytes
    long bytes() {
        try {
            return (long) counter.invokeExact();
        } catch (Throwable t) {
            throw new IllegalStateException("cannot count what threads allocate", t);
        }
    }

    /// What one call of [#bytes()] allocates itself.
    ///
    /// @return bytes, once it is warm
    long ownBytes() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 1000; i++) {
            long before = bytes();
            least = Math.min(least, bytes() - before);
        }
        return least;
    }
}
