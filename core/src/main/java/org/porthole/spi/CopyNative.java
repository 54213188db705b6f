package org.porthole.spi;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// Long copies between native memories by the C library's `memmove`, which knows the processor better than the JVM's own copy does: of 32 to 256 KiB it
/// takes up to 40 % less time (docs/benchmarks.md). Where native access is not enabled for this module, or there is no such function, the JVM's is used.
///
/// **Threads.** Any.  **Cost.** No allocation once compiled.
final class CopyNative {
    /// From here on the way there is paid for.
    static final long WORTH = 32L << 10;

    private static final MethodHandle MEMMOVE = find();

    private CopyNative() {}

    @SuppressWarnings("restricted")
    private static MethodHandle find() {
        if (!CopyNative.class.getModule().isNativeAccessEnabled()) {
            return null;
        }
        Linker linker = Linker.nativeLinker();
        FunctionDescriptor type =
                FunctionDescriptor.ofVoid(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);
        // Critical, since it takes microseconds, and a change of the thread's state would be a fence.
        return linker.defaultLookup()
                .find("memmove")
                .map(address -> linker.downcallHandle(address, type, Linker.Option.critical(false)))
                .orElse(null);
    }

    /// Copies bytes, no more than may hold up a safepoint. Both segments are native, and stay open meanwhile.
    static void copy(
            MemorySegment source, long sourceOffset, MemorySegment destination, long destinationOffset, long length) {
        if (MEMMOVE == null) {
            MemorySegment.copy(source, sourceOffset, destination, destinationOffset, length);
            return;
        }
        MemorySegment from = source.asSlice(sourceOffset, length);
        MemorySegment to = destination.asSlice(destinationOffset, length);
        if (to.isReadOnly()) {
            throw new IllegalArgumentException("the memory to copy to is read-only");
        }
        try {
            MEMMOVE.invokeExact(to, from, length);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }
}
