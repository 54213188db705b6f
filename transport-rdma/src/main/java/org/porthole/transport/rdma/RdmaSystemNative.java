package org.porthole.transport.rdma;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/// The few system calls that go with verbs: sleeping until a completion channel or another thread has something to say.
///
/// **Source.** poll(2), eventfd(2), fcntl(2) and their headers on Linux, the same on x86-64 and aarch64.
@SuppressWarnings("restricted") // foreign functions are what this class is for
final class RdmaSystemNative {
    /// Bytes that [#sleep] and [#isReadable] need of the caller's.
    static final int SCRATCH = 24;

    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int O_NONBLOCK = 0x800;
    private static final int EFD_CLOEXEC = 0x80000;
    private static final short POLLIN = 1;
    private static final int POLL_FD = 8;
    private static final int POLL_RESULT = 6;
    private static final int MOST_WORDS = 1024;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle POLL = system("poll", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle EVENTFD = system("eventfd", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle EVENTFD_WRITE = system("eventfd_write", JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle EVENTFD_READ = system("eventfd_read", JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle CLOSE = system("close", JAVA_INT, JAVA_INT);
    private static final MethodHandle FCNTL = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("fcntl"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle STRERROR = system("strerror", ADDRESS, JAVA_INT);

    private RdmaSystemNative() {}

    private static MethodHandle system(String name, MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, arguments));
    }

    /// What an error number means.
    static String words(int errno) {
        try {
            return ((MemorySegment) STRERROR.invokeExact(errno))
                    .reinterpret(MOST_WORDS)
                    .getString(0);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    /// Lets reads of a file return at once when there is nothing.
    static void unblock(int fd) throws IOException {
        boolean done;
        try {
            int flags = (int) FCNTL.invokeExact(fd, F_GETFL, 0);
            done = (int) FCNTL.invokeExact(fd, F_SETFL, flags | O_NONBLOCK) == 0;
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
        if (!done) {
            throw new IOException("a channel cannot be made non-blocking");
        }
    }

    static int eventFd() {
        try {
            return (int) EVENTFD.invokeExact(0, EFD_CLOEXEC);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    static void signalEvent(int fd) {
        try {
            int ignored = (int) EVENTFD_WRITE.invokeExact(fd, 1L);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    static void close(int fd) {
        try {
            int ignored = (int) CLOSE.invokeExact(fd);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    /// Waits until a file has something to read.
    ///
    /// @param fds [#SCRATCH] bytes of the caller's
    static boolean isReadable(MemorySegment fds, int fd, int timeoutMs) {
        fds.set(JAVA_INT, 0, fd);
        fds.set(JAVA_INT, 4, POLLIN);
        try {
            return (int) POLL.invokeExact(fds.address(), 1L, timeoutMs) > 0;
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    /// Sleeps until a channel has an event, or an event file is signalled, which is reset.
    ///
    /// @param fds [#SCRATCH] bytes of the caller's
    static void sleep(MemorySegment fds, int channelFd, int eventFd, int timeoutMs) {
        fds.set(JAVA_INT, 0, channelFd);
        fds.set(JAVA_INT, 4, POLLIN);
        fds.set(JAVA_INT, POLL_FD, eventFd);
        fds.set(JAVA_INT, POLL_FD + 4, POLLIN);
        try {
            int ready = (int) POLL.invokeExact(fds.address(), 2L, timeoutMs);
            if (ready > 0 && fds.get(JAVA_SHORT, POLL_FD + POLL_RESULT) != 0) {
                int ignored = (int) EVENTFD_READ.invokeExact(eventFd, fds.address() + 2 * POLL_FD);
            }
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }
}
