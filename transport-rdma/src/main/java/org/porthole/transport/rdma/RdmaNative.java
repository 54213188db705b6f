package org.porthole.transport.rdma;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// The verbs of libibverbs, and the few system calls that go with them. Addresses of C are longs here.
///
/// Loading this class fails with a [LinkageError] where there is no libibverbs.so.1; [RdmaPorts] asks first.
///
/// **Source.** rdma-core 44, infiniband/verbs.h, whose structures have had this form since IBVERBS_1.1: sizes and offsets are those of a 64-bit
/// machine. `ibv_post_send`, `ibv_post_recv`, `ibv_poll_cq` and `ibv_req_notify_cq` are no functions of the library: they call through
/// `ibv_context.ops`. [#requireLayout] compares what a check at run time can reach.
@SuppressWarnings("restricted") // foreign functions are what this class is for
final class RdmaNative {
    static final int WRITE = 0;
    static final int SEND = 2;
    static final int READ = 4;

    static final int FENCED = 1;
    static final int SIGNALED = 1 << 1;
    static final int INLINE = 1 << 3;

    static final int LOCAL_WRITE = 1;
    static final int REMOTE_WRITE = 1 << 1;
    static final int REMOTE_READ = 1 << 2;

    static final int RESET = 0;
    static final int INIT = 1;
    static final int READY_TO_RECEIVE = 2;
    static final int READY_TO_SEND = 3;

    static final int STATE_MASK = 1;
    static final int INIT_MASK = 1 | 8 | 16 | 32;
    static final int RECEIVE_MASK = 1 | 128 | 256 | 4096 | 32768 | 131072 | 1048576;
    static final int SEND_MASK = 1 | 512 | 1024 | 2048 | 8192 | 65536;

    static final int SUCCESS = 0;
    static final int FLUSHED = 5;
    static final int REMOTE_ACCESS_ERROR = 10;
    /// Bit of an `ibv_wc`'s opcode that tells receives from sends.
    static final int RECEIVED = 1 << 7;

    static final int WC = 48;
    static final int WC_STATUS = 8;
    static final int WC_OPCODE = 12;
    static final int WC_BYTE_LENGTH = 20;

    static final int SEND_WR = 128;
    static final int SEND_WR_SGE = 16;
    static final int SEND_WR_SGES = 24;
    static final int SEND_WR_OPCODE = 28;
    static final int SEND_WR_FLAGS = 32;
    static final int SEND_WR_REMOTE_ADDRESS = 40;
    static final int SEND_WR_REMOTE_KEY = 48;

    static final int RECEIVE_WR = 32;
    static final int RECEIVE_WR_SGE = 16;
    static final int RECEIVE_WR_SGES = 24;

    static final int SGE = 16;
    static final int SGE_LENGTH = 8;
    static final int SGE_KEY = 12;

    private static final int CONTEXT_OPS = 8;
    private static final int CONTEXT = 280;
    private static final int OPS_POLL_CQ = CONTEXT_OPS + 88;
    private static final int OPS_REQUEST_NOTIFY = CONTEXT_OPS + 96;
    private static final int OPS_POST_SEND = CONTEXT_OPS + 200;
    private static final int OPS_POST_RECEIVE = CONTEXT_OPS + 208;
    private static final int MR_ADDRESS = 16;
    private static final int MR_LENGTH = 24;
    private static final int MR_LOCAL_KEY = 36;
    private static final int MR_REMOTE_KEY = 40;
    private static final int MR = 48;
    private static final int QP_CONTEXT = 0;
    private static final int QP_NUMBER = 52;
    private static final int QP = 160;
    private static final int CQ_ENTRIES = 28;
    private static final int CHANNEL_FD = 8;
    private static final int INIT_ATTRIBUTES = 64;
    private static final int ATTRIBUTES = 144;

    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int O_NONBLOCK = 0x800;
    private static final int EFD_CLOEXEC = 0x80000;
    private static final short POLLIN = 1;
    private static final int POLL_FD = 8;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final SymbolLookup VERBS = SymbolLookup.libraryLookup("libibverbs.so.1", Arena.global());
    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle GET_DEVICE_LIST = verb("ibv_get_device_list", JAVA_LONG, JAVA_LONG);
    private static final MethodHandle FREE_DEVICE_LIST =
            LINKER.downcallHandle(VERBS.findOrThrow("ibv_free_device_list"), FunctionDescriptor.ofVoid(JAVA_LONG));
    private static final MethodHandle GET_DEVICE_NAME = verb("ibv_get_device_name", JAVA_LONG, JAVA_LONG);
    private static final MethodHandle OPEN_DEVICE = verb("ibv_open_device", JAVA_LONG, JAVA_LONG);
    private static final MethodHandle CLOSE_DEVICE = verb("ibv_close_device", JAVA_INT, JAVA_LONG);
    private static final MethodHandle ALLOCATE_PD = verb("ibv_alloc_pd", JAVA_LONG, JAVA_LONG);
    private static final MethodHandle FREE_PD = verb("ibv_dealloc_pd", JAVA_INT, JAVA_LONG);
    private static final MethodHandle CREATE_CHANNEL = verb("ibv_create_comp_channel", JAVA_LONG, JAVA_LONG);
    private static final MethodHandle DESTROY_CHANNEL = verb("ibv_destroy_comp_channel", JAVA_INT, JAVA_LONG);
    private static final MethodHandle CREATE_CQ =
            verb("ibv_create_cq", JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle DESTROY_CQ = verb("ibv_destroy_cq", JAVA_INT, JAVA_LONG);
    private static final MethodHandle GET_CQ_EVENT =
            verb("ibv_get_cq_event", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle ACK_CQ_EVENTS = LINKER.downcallHandle(
            VERBS.findOrThrow("ibv_ack_cq_events"), FunctionDescriptor.ofVoid(JAVA_LONG, JAVA_INT));
    private static final MethodHandle CREATE_QP = verb("ibv_create_qp", JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle MODIFY_QP = verb("ibv_modify_qp", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle DESTROY_QP = verb("ibv_destroy_qp", JAVA_INT, JAVA_LONG);
    private static final MethodHandle REGISTER =
            verb("ibv_reg_mr", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle DEREGISTER = verb("ibv_dereg_mr", JAVA_INT, JAVA_LONG);
    private static final MethodHandle STATUS_WORDS =
            LINKER.downcallHandle(VERBS.findOrThrow("ibv_wc_status_str"), FunctionDescriptor.of(ADDRESS, JAVA_INT));

    /// Through a pointer that the device's driver gives.
    private static final MethodHandle POST =
            LINKER.downcallHandle(FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));

    private static final MethodHandle POLL_CQ = LINKER.downcallHandle(
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG), Linker.Option.critical(false));
    private static final MethodHandle REQUEST_NOTIFY =
            LINKER.downcallHandle(FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT));

    private static final MethodHandle POLL = system("poll", JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
    private static final MethodHandle EVENTFD = system("eventfd", JAVA_INT, JAVA_INT, JAVA_INT);
    private static final MethodHandle EVENTFD_WRITE = system("eventfd_write", JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle EVENTFD_READ = system("eventfd_read", JAVA_INT, JAVA_INT, JAVA_LONG);
    private static final MethodHandle CLOSE = system("close", JAVA_INT, JAVA_INT);
    private static final MethodHandle FCNTL = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("fcntl"),
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle STRERROR = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("strerror"), FunctionDescriptor.of(ADDRESS, JAVA_INT));

    private RdmaNative() {}

    /// Finds the library and what is used of it.
    ///
    /// @throws LinkageError if it cannot
    static void load() {
        // the static fields have done it
    }

    private static MethodHandle verb(String name, MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                VERBS.findOrThrow(name),
                FunctionDescriptor.of(result, arguments),
                Linker.Option.captureCallState("errno"));
    }

    private static MethodHandle system(String name, MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, arguments));
    }

    /// A call that the system or the device has refused.
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1;

        RefusedException(String message) {
            super(message);
        }
    }

    @FunctionalInterface
    private interface Call<T> {
        T on(MemorySegment state) throws Throwable;
    }

    /// An address, which is not null if the call went well.
    private static long pointer(String name, Call<Long> call) throws RefusedException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            long result = call.on(state);
            if (result == 0) {
                throw new RefusedException(name + ": " + words((int) ERRNO.get(state, 0L)));
            }
            return result;
        } catch (RefusedException e) {
            throw e;
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    /// An error number, which is 0 if the call went well.
    private static void number(String name, Call<Integer> call) throws RefusedException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int result = call.on(state);
            if (result != 0) {
                throw new RefusedException(name + ": " + words(result < 0 ? (int) ERRNO.get(state, 0L) : result));
            }
        } catch (RefusedException e) {
            throw e;
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    static String words(int errno) {
        try {
            return text(((MemorySegment) STRERROR.invokeExact(errno)));
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    private static String text(MemorySegment zeroEnded) {
        return zeroEnded.reinterpret(1024).getString(0);
    }

    private static MemorySegment at(long address, long byteSize) {
        return MemorySegment.ofAddress(address).reinterpret(byteSize);
    }

    /// Opens a device.
    ///
    /// @return its `ibv_context`
    static long openDevice(String name) throws RefusedException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(JAVA_INT);
            long list =
                    pointer("ibv_get_device_list", state -> (long) GET_DEVICE_LIST.invokeExact(state, count.address()));
            try {
                MemorySegment devices = at(list, JAVA_LONG.byteSize() * count.get(JAVA_INT, 0));
                for (int i = 0; i < count.get(JAVA_INT, 0); i++) {
                    long device = devices.getAtIndex(JAVA_LONG, i);
                    long itsName =
                            pointer("ibv_get_device_name", state -> (long) GET_DEVICE_NAME.invokeExact(state, device));
                    if (text(MemorySegment.ofAddress(itsName)).equals(name)) {
                        return pointer("ibv_open_device", state -> (long) OPEN_DEVICE.invokeExact(state, device));
                    }
                }
            } finally {
                freeDeviceList(list);
            }
        }
        throw new RefusedException("libibverbs has no provider for device " + name);
    }

    private static void freeDeviceList(long list) {
        try {
            FREE_DEVICE_LIST.invokeExact(list);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    static void closeDevice(long context) throws RefusedException {
        number("ibv_close_device", state -> (int) CLOSE_DEVICE.invokeExact(state, context));
    }

    static long allocatePd(long context) throws RefusedException {
        return pointer("ibv_alloc_pd", state -> (long) ALLOCATE_PD.invokeExact(state, context));
    }

    static void freePd(long pd) throws RefusedException {
        number("ibv_dealloc_pd", state -> (int) FREE_PD.invokeExact(state, pd));
    }

    /// Makes a completion channel, whose [#nextEvent(long)] does not block.
    static long createChannel(long context) throws RefusedException {
        long channel = pointer("ibv_create_comp_channel", state -> (long) CREATE_CHANNEL.invokeExact(state, context));
        try {
            int fd = channelFd(channel);
            int flags = (int) FCNTL.invokeExact(fd, F_GETFL, 0);
            if ((int) FCNTL.invokeExact(fd, F_SETFL, flags | O_NONBLOCK) != 0) {
                throw new RefusedException("a completion channel cannot be made non-blocking");
            }
        } catch (RefusedException e) {
            throw e;
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
        return channel;
    }

    static int channelFd(long channel) {
        return at(channel, CHANNEL_FD + Integer.BYTES).get(JAVA_INT, CHANNEL_FD);
    }

    static void destroyChannel(long channel) throws RefusedException {
        number("ibv_destroy_comp_channel", state -> (int) DESTROY_CHANNEL.invokeExact(state, channel));
    }

    /// Takes an event, if there is one.
    ///
    /// @return whether there was
    static boolean nextEvent(long channel) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment results = arena.allocate(2 * JAVA_LONG.byteSize(), JAVA_LONG.byteSize());
            MemorySegment state = arena.allocate(STATE);
            int result =
                    (int) GET_CQ_EVENT.invokeExact(state, channel, results.address(), results.address() + Long.BYTES);
            if (result != 0) {
                return false;
            }
            ACK_CQ_EVENTS.invokeExact(results.get(JAVA_LONG, 0), 1);
            return true;
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    static long createCq(long context, int entries, long channel) throws RefusedException {
        return pointer("ibv_create_cq", state -> (long) CREATE_CQ.invokeExact(state, context, entries, 0L, channel, 0));
    }

    static int cqEntries(long cq) {
        return at(cq, CQ_ENTRIES + Integer.BYTES).get(JAVA_INT, CQ_ENTRIES);
    }

    static void destroyCq(long cq) throws RefusedException {
        number("ibv_destroy_cq", state -> (int) DESTROY_CQ.invokeExact(state, cq));
    }

    /// A queue pair, and the most bytes that it takes inline.
    record QueuePair(long address, int inline) {}

    static QueuePair createQp(long pd, long cq, int sends, int receives, int inline) throws RefusedException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(INIT_ATTRIBUTES, JAVA_LONG.byteSize());
            attributes.set(JAVA_LONG, 8, cq);
            attributes.set(JAVA_LONG, 16, cq);
            attributes.set(JAVA_INT, 32, sends);
            attributes.set(JAVA_INT, 36, receives);
            attributes.set(JAVA_INT, 40, 1);
            attributes.set(JAVA_INT, 44, 1);
            attributes.set(JAVA_INT, 48, inline);
            attributes.set(JAVA_INT, 52, 2); // IBV_QPT_RC
            long qp = pointer("ibv_create_qp", state -> (long) CREATE_QP.invokeExact(state, pd, attributes.address()));
            return new QueuePair(qp, attributes.get(JAVA_INT, 48));
        }
    }

    static int qpNumber(long qp) {
        return at(qp, QP).get(JAVA_INT, QP_NUMBER);
    }

    static void destroyQp(long qp) throws RefusedException {
        number("ibv_destroy_qp", state -> (int) DESTROY_QP.invokeExact(state, qp));
    }

    /// Takes a new queue pair to where it sends and receives.
    ///
    /// @param here  this side
    /// @param there the other side
    static void connectQp(long qp, RdmaPath here, RdmaPath there, int gidIndex, int port) throws RefusedException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(ATTRIBUTES, JAVA_LONG.byteSize());
            attributes.set(JAVA_INT, 0, INIT);
            attributes.set(JAVA_INT, 32, LOCAL_WRITE | REMOTE_WRITE | REMOTE_READ);
            attributes.set(JAVA_BYTE, 129, (byte) port);
            modify(qp, attributes, INIT_MASK);

            attributes.fill((byte) 0);
            attributes.set(JAVA_INT, 0, READY_TO_RECEIVE);
            attributes.set(JAVA_INT, 8, Math.min(here.mtu(), there.mtu()));
            attributes.set(JAVA_INT, 20, there.psn());
            attributes.set(JAVA_INT, 28, there.qpNumber());
            if (there.isGlobal()) {
                MemorySegment.copy(there.gid(), 0, attributes, JAVA_BYTE, 56, RdmaPath.GID);
                attributes.set(JAVA_BYTE, 76, (byte) gidIndex);
                attributes.set(JAVA_BYTE, 77, (byte) 64); // hops
                attributes.set(JAVA_BYTE, 85, (byte) 1);
            }
            attributes.set(JAVA_SHORT, 80, (short) there.lid());
            attributes.set(JAVA_BYTE, 86, (byte) port);
            attributes.set(JAVA_BYTE, 127, (byte) RdmaPath.READS);
            attributes.set(JAVA_BYTE, 128, (byte) 1); // min_rnr_timer 0.01 ms; 0 would be 655 ms
            modify(qp, attributes, RECEIVE_MASK);

            attributes.fill((byte) 0);
            attributes.set(JAVA_INT, 0, READY_TO_SEND);
            attributes.set(JAVA_INT, 24, here.psn());
            attributes.set(JAVA_BYTE, 126, (byte) RdmaPath.READS);
            attributes.set(JAVA_BYTE, 130, (byte) 14); // timeout 67 ms
            attributes.set(JAVA_BYTE, 131, (byte) 7);
            attributes.set(JAVA_BYTE, 132, (byte) 7); // rnr_retry: as long as it takes
            modify(qp, attributes, SEND_MASK);
        }
    }

    private static void modify(long qp, MemorySegment attributes, int mask) throws RefusedException {
        number("ibv_modify_qp", state -> (int) MODIFY_QP.invokeExact(state, qp, attributes.address(), mask));
    }

    static long register(long pd, long address, long byteSize, int access) throws RefusedException {
        return pointer("ibv_reg_mr", state -> (long) REGISTER.invokeExact(state, pd, address, byteSize, access));
    }

    static int localKey(long mr) {
        return at(mr, MR).get(JAVA_INT, MR_LOCAL_KEY);
    }

    static int remoteKey(long mr) {
        return at(mr, MR).get(JAVA_INT, MR_REMOTE_KEY);
    }

    static void deregister(long mr) throws RefusedException {
        number("ibv_dereg_mr", state -> (int) DEREGISTER.invokeExact(state, mr));
    }

    /// Compares what was just made with what the structures should say: an ABI that is not the one described here is refused.
    static void requireLayout(long context, long pd, long cq, int entries, long qp) throws RefusedException {
        boolean right =
                at(qp, QP).get(JAVA_LONG, QP_CONTEXT) == context && cqEntries(cq) >= entries && qpNumber(qp) != 0;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment some = arena.allocate(1);
            long mr = register(pd, some.address(), 1, LOCAL_WRITE);
            MemorySegment fields = at(mr, MR);
            right &= fields.get(JAVA_LONG, MR_ADDRESS) == some.address() && fields.get(JAVA_LONG, MR_LENGTH) == 1;
            deregister(mr);
        }
        for (int offset : new int[] {OPS_POLL_CQ, OPS_REQUEST_NOTIFY, OPS_POST_SEND, OPS_POST_RECEIVE}) {
            right &= at(context, CONTEXT).get(JAVA_LONG, offset) != 0;
        }
        if (!right) {
            throw new RefusedException(
                    "this libibverbs.so.1 lays its structures out in another way than rdma-core does");
        }
    }

    // The data path.

    static MemorySegment postSendOf(long context) {
        return at(context, CONTEXT).get(ADDRESS, OPS_POST_SEND);
    }

    static MemorySegment postReceiveOf(long context) {
        return at(context, CONTEXT).get(ADDRESS, OPS_POST_RECEIVE);
    }

    static MemorySegment pollOf(long context) {
        return at(context, CONTEXT).get(ADDRESS, OPS_POLL_CQ);
    }

    static MemorySegment requestNotifyOf(long context) {
        return at(context, CONTEXT).get(ADDRESS, OPS_REQUEST_NOTIFY);
    }

    /// Calls one of the two functions that post.
    ///
    /// @return 0, or an error number
    static int post(MemorySegment function, long qp, long request, long bad) {
        try {
            return (int) POST.invokeExact(function, qp, request, bad);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    /// Takes completions.
    ///
    /// @return how many there were, or a negative number
    static int pollCq(MemorySegment function, long cq, int most, long completions) {
        try {
            return (int) POLL_CQ.invokeExact(function, cq, most, completions);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    static void requestNotify(MemorySegment function, long cq) {
        try {
            int ignored = (int) REQUEST_NOTIFY.invokeExact(function, cq, 0);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    static String statusWords(int status) {
        try {
            return text((MemorySegment) STATUS_WORDS.invokeExact(status));
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    // Sleeping.

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

    /// Sleeps until a completion channel has an event, or an event file is signalled, which is reset.
    ///
    /// @param fds 24 bytes of the caller's
    static void sleep(MemorySegment fds, int channelFd, int eventFd, int timeoutMs) {
        fds.set(JAVA_INT, 0, channelFd);
        fds.set(JAVA_INT, 4, POLLIN);
        fds.set(JAVA_INT, POLL_FD, eventFd);
        fds.set(JAVA_INT, POLL_FD + 4, POLLIN);
        try {
            int ready = (int) POLL.invokeExact(fds.address(), 2L, timeoutMs);
            if (ready > 0 && fds.get(JAVA_SHORT, POLL_FD + 6) != 0) {
                int ignored = (int) EVENTFD_READ.invokeExact(eventFd, fds.address() + 2 * POLL_FD);
            }
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }
}
