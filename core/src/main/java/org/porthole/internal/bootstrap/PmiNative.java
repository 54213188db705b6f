package org.porthole.internal.bootstrap;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/// What a socket takes that this process was started with, and of which Java knows only the number.
///
/// **Source.** man-pages 6: poll(2), read(2), write(2), close(2), errno(3).
@SuppressWarnings("restricted") // foreign functions are what this class is for
final class PmiNative {
    private static final int EINTR = 4;
    private static final short POLLIN = 1;
    private static final int POLLFD_BYTES = 8;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO = STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle POLL =
            function("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle READ =
            function("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle WRITE =
            function("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle CLOSE = function("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

    private PmiNative() {}

    private static MethodHandle function(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().find(name).orElseThrow(() -> new UnsatisfiedLinkError(name)),
                type,
                Linker.Option.captureCallState("errno"));
    }

    /// Whether this process has such a file. Loads no foreign function.
    static boolean isOpen(int fd) {
        return Files.exists(Path.of("/proc/self/fd", Integer.toString(fd)), LinkOption.NOFOLLOW_LINKS);
    }

    /// Waits until there is something to read, or the end.
    ///
    /// @return false if the time has passed, or a signal came
    static boolean awaitInput(int fd, int timeoutMs) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment wanted = arena.allocate(POLLFD_BYTES, Integer.BYTES);
            wanted.set(JAVA_INT, 0, fd);
            wanted.set(JAVA_SHORT, Integer.BYTES, POLLIN);
            return checked(state, "poll", () -> (int) POLL.invokeExact(state, wanted, 1L, timeoutMs)) > 0;
        }
    }

    /// Reads what is there.
    ///
    /// @return how many bytes; 0 at the end
    static int read(int fd, byte[] bytes) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment buffer = arena.allocate(bytes.length);
            int count =
                    (int) checked(state, "read", () -> (long) READ.invokeExact(state, fd, buffer, (long) bytes.length));
            MemorySegment.copy(buffer, JAVA_BYTE, 0, bytes, 0, count);
            return count;
        }
    }

    /// Writes all bytes.
    static void write(int fd, byte[] bytes) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            MemorySegment buffer = arena.allocateFrom(JAVA_BYTE, bytes);
            for (long done = 0; done < bytes.length; ) {
                MemorySegment rest = buffer.asSlice(done);
                done += checked(state, "write", () -> (long) WRITE.invokeExact(state, fd, rest, rest.byteSize()));
            }
        }
    }

    static void close(int fd) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            checked(state, "close", () -> (int) CLOSE.invokeExact(state, fd));
        }
    }

    /// A downcall that tells failure by a negative result.
    @FunctionalInterface
    private interface Downcall {
        long make() throws Throwable;
    }

    private static long checked(MemorySegment state, String name, Downcall downcall) throws IOException {
        try {
            long result = downcall.make();
            if (result >= 0) {
                return result;
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(name + " has thrown", e);
        }
        int errno = state.get(JAVA_INT, ERRNO);
        if (errno == EINTR) {
            return 0;
        }
        throw new IOException(name + " failed with errno " + errno);
    }
}
