package org.porthole.transport.shm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.LongStream;
import org.porthole.TransportException;

/// The system calls of Linux that shared memory needs.
///
/// Loading this class fails with a [LinkageError] where there is no such C library; [ShmTransportProvider] asks first.
///
/// **Source.** man-pages 6: syscall(2), membarrier(2), memfd_create(2), fallocate(2), mmap(2), madvise(2), fcntl(2), futex(2), pidfd_open(2),
/// poll(2), eventfd(2), process_vm_readv(2), errno(3); numbers from the kernel's include/uapi. System V ABI, AMD64, 3.2.3; Procedure Call Standard
/// for the Arm 64-bit Architecture, 6.8.2.
@SuppressWarnings("restricted") // foreign functions are what this class is for
final class ShmNative {
    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int EPERM = 1;
    static final int ESRCH = 3;
    static final int EFAULT = 14;
    static final int ENOSYS = 38;

    private static final int MFD_CLOEXEC = 1;
    private static final int MFD_ALLOW_SEALING = 2;
    private static final int O_RDWR = 2;
    private static final int O_CLOEXEC = 0x80000;
    private static final int PROT_READ_WRITE = 3;
    private static final int MAP_SHARED = 1;
    private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 2 | 0x20 | 0x4000;
    private static final int MAP_FIXED = 0x10;
    private static final int MADV_POPULATE_WRITE = 23;
    private static final int MADV_COLLAPSE = 25;
    private static final int F_ADD_SEALS = 1033;
    private static final int F_GET_SEALS = 1034;
    private static final int F_SEAL_SEAL_SHRINK_GROW = 1 | 2 | 4;
    private static final int FUTEX_WAIT = 0;
    private static final int FUTEX_WAKE = 1;
    private static final int MEMBARRIER_GLOBAL_EXPEDITED = 1 << 1;
    private static final int MEMBARRIER_REGISTER_GLOBAL_EXPEDITED = 1 << 2;
    private static final int EFD_CLOEXEC = O_CLOEXEC;

    /// Same on all architectures.
    private static final long SYS_PIDFD_OPEN = 434;

    private static final long SYS_FUTEX = number(202, 98);

    private static final long SYS_MEMBARRIER = number(324, 283);

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final long ERRNO = STATE.byteOffset(MemoryLayout.PathElement.groupElement("errno"));
    /// How all functions but one are called: on the processors that the numbers above are for, words are passed in registers, of which a function
    /// reads those that it takes. The first call of each kind costs a JVM that joins milliseconds.
    private static final FunctionDescriptor WORDS =
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    private static final int MOST_WORDS = 6;

    private static final MethodHandle STRERROR = function("strerror", FunctionDescriptor.of(ADDRESS, JAVA_INT));
    private static final MethodHandle SYSCALL = function("syscall", WORDS);
    private static final MethodHandle MEMFD_CREATE = checked("memfd_create");
    private static final MethodHandle FTRUNCATE = checked("ftruncate");
    private static final MethodHandle FALLOCATE = checked("fallocate");
    private static final MethodHandle FCNTL = checked("fcntl");
    private static final MethodHandle MMAP = checked("mmap");
    private static final MethodHandle MUNMAP = checked("munmap");
    private static final MethodHandle MADVISE = checked("madvise");
    private static final MethodHandle OPEN = checked("open");
    private static final MethodHandle CLOSE = checked("close");
    private static final MethodHandle EVENTFD = checked("eventfd");
    private static final MethodHandle EVENTFD_WRITE = checked("eventfd_write");
    private static final MethodHandle EVENTFD_READ = checked("eventfd_read");
    private static final MethodHandle POLL = checked("poll");
    private static final MethodHandle CHECKED_SYSCALL = checked("syscall");
    private static final MethodHandle GETPAGESIZE = checked("getpagesize");
    private static final MethodHandle VM_READ = checked("process_vm_readv");
    private static final MethodHandle VM_WRITE = checked("process_vm_writev");

    /// Whether other processes can fence this one: asked once, for the life of the process.
    private static final boolean FENCEABLE = membarrier(MEMBARRIER_REGISTER_GLOBAL_EXPEDITED);

    private static final ThreadLocal<MemorySegment> TIMESPEC =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(2 * JAVA_LONG.byteSize(), JAVA_LONG.byteSize()));

    /// What one entry of a page table's second level maps on x86-64, and on aarch64 with pages of 4 KiB.
    static final long HUGE_PAGE = 2 << 20;

    /// How much memory one thread faults in at a time.
    private static final long POPULATED_PIECE = 64 << 20;

    /// Most bytes per call, so that no safepoint waits long.
    private static final long COPY_PIECE = 2 << 20;

    private static final ThreadLocal<Copier> COPIER = ThreadLocal.withInitial(Copier::new);

    private ShmNative() {}

    /// What one thread needs to copy between processes.
    private static final class Copier {
        /// struct iovec: void *iov_base, size_t iov_len.
        private static final long IOVEC_BYTES = 2 * Long.BYTES;

        private static final long BOUNCE_BYTES = 256 << 10;

        private final MemorySegment state = Arena.ofAuto().allocate(STATE);
        private final MemorySegment here = Arena.ofAuto().allocate(IOVEC_BYTES, Long.BYTES);
        private final MemorySegment there = Arena.ofAuto().allocate(IOVEC_BYTES, Long.BYTES);
        private MemorySegment bounce;

        private MemorySegment bounce() {
            if (bounce == null) {
                bounce = Arena.ofAuto().allocate(BOUNCE_BYTES, Long.BYTES);
            }
            return bounce;
        }

        /// Copies all; the kernel may stop early, and then goes on where it stopped.
        ///
        /// @return 0, or errno
        private int copy(MethodHandle call, long process, long remote, long local, long length) {
            for (long done = 0; done < length; ) {
                long piece = Math.min(COPY_PIECE, length - done);
                set(here, local + done, piece);
                set(there, remote + done, piece);
                long moved;
                try {
                    moved = (long) call.invokeExact(state, process, here.address(), 1L, there.address(), 1L, 0L);
                } catch (RuntimeException | Error e) {
                    throw e;
                } catch (Throwable t) {
                    throw new AssertionError(t);
                }
                if (moved > 0) {
                    done += moved;
                } else {
                    int errno = moved == 0 ? EFAULT : state.get(JAVA_INT, ERRNO);
                    if (errno != EINTR) {
                        return errno;
                    }
                }
            }
            return 0;
        }

        private static void set(MemorySegment vector, long address, long length) {
            vector.set(JAVA_LONG, 0, address);
            vector.set(JAVA_LONG, Long.BYTES, length);
        }
    }

    /// Whether the kernel lets this process copy memory of another, found by reading one byte.
    ///
    /// @throws TransportException if it would, but there is no memory
    static boolean canCopyFrom(long process, long address) {
        Copier copier = COPIER.get();
        int errno = copier.copy(VM_READ, process, address, copier.bounce().address(), 1);
        if (errno != 0 && errno != EPERM && errno != ENOSYS) {
            throw new TransportException("shm: memory of process " + process + " cannot be read: " + text(errno));
        }
        return errno == 0;
    }

    /// Copies to another process.
    ///
    /// @return 0, or errno
    static int copyTo(long process, long remote, MemorySegment source, long sourceOffset, long length) {
        requireUsable(source, sourceOffset, length);
        Copier copier = COPIER.get();
        if (source.isNative()) {
            try {
                return copier.copy(VM_WRITE, process, remote, source.address() + sourceOffset, length);
            } finally {
                Reference.reachabilityFence(source);
            }
        }
        MemorySegment bounce = copier.bounce();
        for (long done = 0; done < length; ) {
            long piece = Math.min(bounce.byteSize(), length - done);
            MemorySegment.copy(source, sourceOffset + done, bounce, 0, piece);
            int errno = copier.copy(VM_WRITE, process, remote + done, bounce.address(), piece);
            if (errno != 0) {
                return errno;
            }
            done += piece;
        }
        return 0;
    }

    /// Copies from another process.
    ///
    /// @return 0, or errno
    static int copyFrom(long process, long remote, MemorySegment destination, long destinationOffset, long length) {
        requireUsable(destination, destinationOffset, length);
        if (destination.isReadOnly()) {
            throw new IllegalArgumentException("the destination is read-only");
        }
        Copier copier = COPIER.get();
        if (destination.isNative()) {
            try {
                return copier.copy(VM_READ, process, remote, destination.address() + destinationOffset, length);
            } finally {
                Reference.reachabilityFence(destination);
            }
        }
        MemorySegment bounce = copier.bounce();
        for (long done = 0; done < length; ) {
            long piece = Math.min(bounce.byteSize(), length - done);
            int errno = copier.copy(VM_READ, process, remote + done, bounce.address(), piece);
            if (errno != 0) {
                return errno;
            }
            MemorySegment.copy(bounce, 0, destination, destinationOffset + done, piece);
            done += piece;
        }
        return 0;
    }

    /// The kernel knows nothing of bounds, scopes and owners of segments: touching both ends asks the Java VM.
    private static void requireUsable(MemorySegment segment, long offset, long length) {
        if (length > 0) {
            byte ignored = segment.get(JAVA_BYTE, offset);
            ignored = segment.get(JAVA_BYTE, offset + length - 1);
        }
    }

    private static long number(long x86, long arm) {
        return switch (System.getProperty("os.arch").toLowerCase(Locale.ROOT)) {
            case "amd64", "x86_64" -> x86;
            case "aarch64" -> arm;
            default ->
                throw new UnsatisfiedLinkError("no system call numbers are known for " + System.getProperty("os.arch"));
        };
    }

    private static MethodHandle function(String name, FunctionDescriptor type, Linker.Option... options) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup()
                        .find(name)
                        .orElseThrow(() -> new UnsatisfiedLinkError("the C library has no " + name)),
                type,
                options);
    }

    /// A call that stores errno in the segment given as its first argument.
    private static MethodHandle checked(String name) {
        return function(name, WORDS, Linker.Option.captureCallState("errno"));
    }

    /// Calls a function that returns an int, again while a signal interrupts it.
    private static int call(String what, MethodHandle function, long... words) {
        return (int) call(what, false, function, words);
    }

    /// Calls a function that returns a long or an address, again while a signal interrupts it.
    private static long callLong(String what, MethodHandle function, long... words) {
        return call(what, true, function, words);
    }

    private static long call(String what, boolean isLong, MethodHandle function, long... words) {
        long[] all = Arrays.copyOf(words, MOST_WORDS);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            for (; ; ) {
                long result = (long) function.invokeExact(state, all[0], all[1], all[2], all[3], all[4], all[5]);
                // The upper half of a register that holds an int may be anything.
                if (isLong ? result != -1 : (int) result != -1) {
                    return result;
                }
                int errno = state.get(JAVA_INT, ERRNO);
                if (errno != EINTR) {
                    throw new TransportException("shm: " + what + " failed: " + text(errno));
                }
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    static String text(int errno) {
        try {
            MemorySegment text = (MemorySegment) STRERROR.invokeExact(errno);
            return text.reinterpret(256).getString(0) + " (errno " + errno + ")";
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    /// A new anonymous file in memory that can be sealed; closed on exec.
    static int createFile(String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(name);
            return call("memfd_create", MEMFD_CREATE, text.address(), MFD_CLOEXEC | MFD_ALLOW_SEALING);
        }
    }

    /// Gives a file its size and pages, then forbids that either changes.
    static void allocateAndSeal(int file, long byteSize) {
        call("ftruncate to " + byteSize + " bytes", FTRUNCATE, file, byteSize);
        call("fallocate of " + byteSize + " bytes", FALLOCATE, file, 0, 0, byteSize);
        call("fcntl F_ADD_SEALS", FCNTL, file, F_ADD_SEALS, F_SEAL_SEAL_SHRINK_GROW);
    }

    /// Whether a file's size is fixed, so that a mapping of it cannot lose its pages.
    static boolean isSealed(int file) {
        int seals = call("fcntl F_GET_SEALS", FCNTL, file, F_GET_SEALS);
        return (seals & F_SEAL_SEAL_SHRINK_GROW) == F_SEAL_SEAL_SHRINK_GROW;
    }

    /// Opens a path for reading and writing.
    static int open(String path) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(path);
            return call("open of " + path, OPEN, text.address(), O_RDWR | O_CLOEXEC);
        }
    }

    static void close(int descriptor) {
        call("close", CLOSE, descriptor);
    }

    /// Maps a whole file, its pages faulted in: first touches one by one cost 1 to 12 us each. A file of 2 MiB or more lies so that huge pages
    /// can map it.
    static long map(int file, long byteSize) {
        long address = byteSize < HUGE_PAGE
                ? map(0, byteSize, MAP_SHARED, file)
                : map(reserveAligned(byteSize), byteSize, MAP_SHARED | MAP_FIXED, file);
        populate(address, byteSize);
        return address;
    }

    /// A file that stays empty.
    static int createEmptyFile(String name) {
        int file = createFile(name);
        call("fcntl F_ADD_SEALS", FCNTL, file, F_ADD_SEALS, F_SEAL_SEAL_SHRINK_GROW);
        return file;
    }

    /// Maps a file whose pages come at first touch.
    static long mapUnpopulated(int file, long byteSize) {
        return map(0, byteSize, MAP_SHARED, file);
    }

    /// Replaces a mapping, at once.
    static void mapOver(long address, long byteSize, int file) {
        long ignored = map(address, byteSize, MAP_SHARED | MAP_FIXED, file);
    }

    private static long map(long where, long byteSize, int flags, int file) {
        return callLong("mmap of " + byteSize + " bytes", MMAP, where, byteSize, PROT_READ_WRITE, flags, file);
    }

    /// Takes a range of addresses that begins at a multiple of [#HUGE_PAGE].
    private static long reserveAligned(long byteSize) {
        long reserved = ((byteSize + HUGE_PAGE - 1) & -HUGE_PAGE) + HUGE_PAGE;
        long begin = map(0, reserved, MAP_PRIVATE_ANONYMOUS_NORESERVE, -1);
        long aligned = (begin + HUGE_PAGE - 1) & -HUGE_PAGE;
        if (aligned > begin) {
            unmap(begin, aligned - begin);
        }
        // The kernel gives and takes whole pages: what is beyond the last one goes.
        long page = call("getpagesize", GETPAGESIZE);
        long end = (aligned + byteSize + page - 1) & -page;
        unmap(end, begin + reserved - end);
        return aligned;
    }

    /// The threads of the common pool share the work: zeroing pages is what takes the time.
    private static void populate(long address, long byteSize) {
        if (byteSize <= POPULATED_PIECE) {
            populatePiece(address, byteSize);
            return;
        }
        LongStream.iterate(0, done -> done < byteSize, done -> done + POPULATED_PIECE).boxed().toList().parallelStream()
                .forEach(done -> populatePiece(address + done, Math.min(POPULATED_PIECE, byteSize - done)));
    }

    private static void populatePiece(long address, long byteSize) {
        try {
            call("madvise", MADVISE, address, byteSize, MADV_POPULATE_WRITE);
        } catch (TransportException e) {
            // Before Linux 5.14 there is no such advice: pages then come at first touch.
            System.getLogger(ShmNative.class.getName()).log(System.Logger.Level.DEBUG, "pages are not faulted in", e);
        }
    }

    /// Gathers mapped memory into huge pages; all mappings of the file then use them.
    ///
    /// @throws TransportException if the kernel cannot, or has no huge page free
    static void collapse(long address, long byteSize) {
        call("madvise MADV_COLLAPSE of " + byteSize + " bytes", MADVISE, address, byteSize & -HUGE_PAGE, MADV_COLLAPSE);
    }

    static void unmap(long address, long byteSize) {
        call("munmap", MUNMAP, address, byteSize);
    }

    /// Sleeps while the word at `address` holds `expected`, at most for `timeoutNs`. May return early.
    static void futexWait(long address, int expected, long timeoutNs) {
        MemorySegment timespec = TIMESPEC.get();
        timespec.set(JAVA_LONG, 0, timeoutNs / 1_000_000_000);
        timespec.set(JAVA_LONG, JAVA_LONG.byteSize(), timeoutNs % 1_000_000_000);
        futex(address, FUTEX_WAIT, expected, timespec.address());
    }

    /// Wakes all that sleep on the word at `address`, in all processes.
    static void futexWake(long address) {
        futex(address, FUTEX_WAKE, Integer.MAX_VALUE, 0);
    }

    private static void futex(long address, long operation, long value, long timespec) {
        try {
            // Its outcome does not matter: the caller looks at the word again.
            long ignored = (long) SYSCALL.invokeExact(SYS_FUTEX, address, operation, value, timespec, 0L);
            assert ignored >= -1;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    /// Whether this process takes part in [#fenceAllProcesses()].
    static boolean isFenceable() {
        return FENCEABLE;
    }

    /// A full fence on every running thread of every process that takes part; false if the kernel has no such call or forbids it.
    static boolean fenceAllProcesses() {
        return membarrier(MEMBARRIER_GLOBAL_EXPEDITED);
    }

    private static boolean membarrier(long command) {
        try {
            return (long) SYSCALL.invokeExact(SYS_MEMBARRIER, command, 0L, 0L, 0L, 0L) == 0;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    /// A descriptor that becomes readable when the process ends.
    static int openProcess(long process) {
        return (int) callLong("pidfd_open of process " + process, CHECKED_SYSCALL, SYS_PIDFD_OPEN, process);
    }

    static int createEvent() {
        return call("eventfd", EVENTFD, 0, EFD_CLOEXEC);
    }

    static void signalEvent(int event) {
        call("eventfd_write", EVENTFD_WRITE, event, 1);
    }

    /// Makes a signalled event quiet again.
    static void drainEvent(int event) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(JAVA_LONG);
            call("eventfd_read", EVENTFD_READ, event, count.address());
        }
    }

    /// Waits until one of the polled descriptors is ready.
    static void poll(MemorySegment descriptors, long count) {
        try {
            call("poll", POLL, descriptors.address(), count, -1);
        } finally {
            Reference.reachabilityFence(descriptors);
        }
    }
}
