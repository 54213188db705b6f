package org.porthole.transport.rdma;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvQPCap;
import com.ibm.disni.verbs.IbvQPInitAttr;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// The verbs of libibverbs. Addresses of C are longs here.
///
/// Loading this class fails with a [LinkageError] where there is no libibverbs.so.1; [RdmaPorts] asks first.
///
/// **Source.** rdma-core 44, infiniband/verbs.h, whose structures have had this form since IBVERBS_1.1: sizes and offsets are those of a 64-bit
/// machine. `ibv_post_send`, `ibv_post_recv`, `ibv_poll_cq` and `ibv_req_notify_cq` are no functions of the library: they call through
/// `ibv_context.ops`. [#requireLayout] compares what a check at run time can reach.
@SuppressWarnings("restricted") // foreign functions are what this class is for
final class RdmaNative {

    private static final int INIT_MASK = 1 | 8 | 16 | 32;
    private static final int RECEIVE_MASK = 1 | 128 | 256 | 4096 | 32768 | 131072 | 1048576;
    private static final int SEND_MASK = 1 | 512 | 1024 | 2048 | 8192 | 65536;

    static final int WC = 48;
    static final int WC_STATUS = 8;
    static final int WC_OPCODE = 12;
    static final int WC_VENDOR_ERROR = 16;
    static final int WC_BYTE_LENGTH = 20;
    static final int WC_IMMEDIATE = 24;
    static final int WC_QP_NUMBER = 28;
    static final int WC_FLAGS = 36;

    static final int SEND_WR = 128;
    static final int SEND_WR_SGE = 16;
    static final int SEND_WR_SGES = 24;
    static final int SEND_WR_OPCODE = 28;
    static final int SEND_WR_FLAGS = 32;
    static final int SEND_WR_IMMEDIATE = 36;
    static final int SEND_WR_REMOTE_ADDRESS = 40;
    static final int SEND_WR_REMOTE_KEY = 48;
    static final int SEND_WR_COMPARE_ADD = 48;
    static final int SEND_WR_SWAP = 56;
    static final int SEND_WR_ATOMIC_KEY = 64;

    static final int RECEIVE_WR = 32;
    static final int RECEIVE_WR_SGE = 16;
    static final int RECEIVE_WR_SGES = 24;

    static final int SGE = 16;
    static final int SGE_LENGTH = 8;
    static final int SGE_KEY = 12;

    private static final int CONTEXT_OPS = 8;
    private static final int CONTEXT_COMMAND_FD = 264;
    private static final int CONTEXT_VECTORS = 272;
    private static final int CONTEXT_ABI_COMPAT = 320;
    private static final int CONTEXT = 328;
    private static final int OPS_POLL_CQ = CONTEXT_OPS + 88;
    private static final int OPS_REQUEST_NOTIFY = CONTEXT_OPS + 96;
    private static final int OPS_POST_SEND = CONTEXT_OPS + 200;
    private static final int OPS_POST_RECEIVE = CONTEXT_OPS + 208;
    /// A context of today lies at this offset of a `struct verbs_context`, and says so by all ones.
    private static final int VERBS_CONTEXT = 320;

    private static final int VERBS_CONTEXT_SIZE = 312;
    private static final int VERBS_CONTEXT_QUERY_DEVICE = 216;
    private static final int DEVICE_EX = 400;
    private static final int DEVICE_EX_ODP = 240;
    private static final int DEVICE_EX_RC_ODP = 248;
    private static final int DEVICE = 232;
    private static final int DEVICE_GUID = 64;
    private static final int DEVICE_MOST_MEMORY = 80;
    private static final int DEVICE_MOST_WORK = 112;
    private static final int DEVICE_MOST_PIECES = 120;
    private static final int DEVICE_MOST_ENTRIES = 132;
    private static final int DEVICE_MOST_READS = 144;
    private static final int DEVICE_MOST_OWN_READS = 156;
    private static final int DEVICE_ATOMICS = 164;
    private static final int DEVICE_PORTS = 227;
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
    private static final MethodHandle QUERY_DEVICE = verb("ibv_query_device", JAVA_INT, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle DEVICE_GUID_OF = LINKER.downcallHandle(
            VERBS.findOrThrow("ibv_get_device_guid"), FunctionDescriptor.of(JAVA_LONG, JAVA_LONG));
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

    /// Through pointers that the device's driver gives.
    private static final MethodHandle QUERY_DEVICE_EX =
            LINKER.downcallHandle(FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));

    private static final MethodHandle POST =
            LINKER.downcallHandle(FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));

    private static final MethodHandle POLL_CQ = LINKER.downcallHandle(
            FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_LONG), Linker.Option.critical(false));
    private static final MethodHandle REQUEST_NOTIFY =
            LINKER.downcallHandle(FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_INT), Linker.Option.critical(false));

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

    @FunctionalInterface
    private interface Call<T> {
        T on(MemorySegment state) throws Throwable;
    }

    /// An address, which is not null if the call went well.
    private static long pointer(String name, Call<Long> call) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            long result = call.on(state);
            if (result == 0) {
                throw new IOException(name + ": " + RdmaSystemNative.words((int) ERRNO.get(state, 0L)));
            }
            return result;
        } catch (IOException e) {
            throw e;
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    /// An error number, which is 0 if the call went well.
    private static void number(String name, Call<Integer> call) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            int result = call.on(state);
            if (result != 0) {
                throw new IOException(
                        name + ": " + RdmaSystemNative.words(result < 0 ? (int) ERRNO.get(state, 0L) : result));
            }
        } catch (IOException e) {
            throw e;
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    private static String text(long zeroEnded) {
        return at(zeroEnded, 1024).getString(0);
    }

    private static MemorySegment at(long address, long byteSize) {
        return MemorySegment.ofAddress(address).reinterpret(byteSize);
    }

    /// Opens a device.
    ///
    /// @return its `ibv_context`
    static long openDevice(String name) throws IOException {
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
                    if (text(itsName).equals(name)) {
                        return pointer("ibv_open_device", state -> (long) OPEN_DEVICE.invokeExact(state, device));
                    }
                }
            } finally {
                freeDeviceList(list);
            }
        }
        throw new IOException("libibverbs has no provider for device " + name);
    }

    private static void freeDeviceList(long list) {
        try {
            FREE_DEVICE_LIST.invokeExact(list);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    static void closeDevice(long context) throws IOException {
        number("ibv_close_device", state -> (int) CLOSE_DEVICE.invokeExact(state, context));
    }

    static long allocatePd(long context) throws IOException {
        return pointer("ibv_alloc_pd", state -> (long) ALLOCATE_PD.invokeExact(state, context));
    }

    static void freePd(long pd) throws IOException {
        number("ibv_dealloc_pd", state -> (int) FREE_PD.invokeExact(state, pd));
    }

    static long createChannel(long context) throws IOException {
        return pointer("ibv_create_comp_channel", state -> (long) CREATE_CHANNEL.invokeExact(state, context));
    }

    /// Lets [#nextEvent(long)] return at once when there is none.
    ///
    /// @return the file that can be read when there is one
    static int watch(long channel) throws IOException {
        int fd = channelFd(channel);
        RdmaSystemNative.unblock(fd);
        return fd;
    }

    static int channelFd(long channel) {
        return at(channel, CHANNEL_FD + Integer.BYTES).get(JAVA_INT, CHANNEL_FD);
    }

    static void destroyChannel(long channel) throws IOException {
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

    static long createCq(long context, int entries, long channel, int vector) throws IOException {
        return pointer(
                "ibv_create_cq", state -> (long) CREATE_CQ.invokeExact(state, context, entries, 0L, channel, vector));
    }

    static int cqEntries(long cq) {
        return at(cq, CQ_ENTRIES + Integer.BYTES).get(JAVA_INT, CQ_ENTRIES);
    }

    static void destroyCq(long cq) throws IOException {
        number("ibv_destroy_cq", state -> (int) DESTROY_CQ.invokeExact(state, cq));
    }

    /// Makes a queue pair; sets the attributes' inline size to what it has.
    static long createQp(long pd, long sendCq, long receiveCq, IbvQPInitAttr attributes) throws IOException {
        IbvQPCap most = attributes.cap();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment given = arena.allocate(INIT_ATTRIBUTES, JAVA_LONG.byteSize());
            given.set(JAVA_LONG, 8, sendCq);
            given.set(JAVA_LONG, 16, receiveCq);
            given.set(JAVA_INT, 32, most.getMax_send_wr());
            given.set(JAVA_INT, 36, most.getMax_recv_wr());
            given.set(JAVA_INT, 40, most.getMax_send_sge());
            given.set(JAVA_INT, 44, most.getMax_recv_sge());
            given.set(JAVA_INT, 48, most.getMax_inline_data());
            given.set(JAVA_INT, 52, attributes.getQp_type());
            long qp = pointer("ibv_create_qp", state -> (long) CREATE_QP.invokeExact(state, pd, given.address()));
            most.setMax_inline_data(given.get(JAVA_INT, 48));
            return qp;
        }
    }

    static int qpNumber(long qp) {
        return at(qp, QP).get(JAVA_INT, QP_NUMBER);
    }

    static void destroyQp(long qp) throws IOException {
        number("ibv_destroy_qp", state -> (int) DESTROY_QP.invokeExact(state, qp));
    }

    /// One less than the most that there can be, which `rdma_rxe` takes for no end (rxe_comp.c, `rxe_completer`): an origin whose target has gone into error
    /// without an answer would never hear of it. That was seen where memory was withdrawn while it was read.
    private static final int RETRIES = 6;

    /// Takes a new queue pair to where it sends and receives.
    static void connectQp(long qp, RdmaPath here, RdmaPath there, int gidIndex, int port, int access)
            throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attributes = arena.allocate(ATTRIBUTES, JAVA_LONG.byteSize());
            attributes.set(JAVA_INT, 0, IbvQP.IBV_QPS_INIT);
            attributes.set(JAVA_INT, 32, access);
            attributes.set(JAVA_BYTE, 129, (byte) port);
            modify(qp, attributes, INIT_MASK);

            attributes.fill((byte) 0);
            attributes.set(JAVA_INT, 0, IbvQP.IBV_QPS_RTR);
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
            attributes.set(JAVA_INT, 0, IbvQP.IBV_QPS_RTS);
            attributes.set(JAVA_INT, 24, here.psn());
            attributes.set(JAVA_BYTE, 126, (byte) RdmaPath.READS);
            attributes.set(JAVA_BYTE, 130, (byte) 14); // timeout 67 ms
            attributes.set(JAVA_BYTE, 131, (byte) RETRIES);
            attributes.set(JAVA_BYTE, 132, (byte) 7); // rnr_retry: as long as it takes
            modify(qp, attributes, SEND_MASK);
        }
    }

    private static void modify(long qp, MemorySegment attributes, int mask) throws IOException {
        number("ibv_modify_qp", state -> (int) MODIFY_QP.invokeExact(state, qp, attributes.address(), mask));
    }

    static long register(long pd, long address, long byteSize, int access) throws IOException {
        return pointer("ibv_reg_mr", state -> (long) REGISTER.invokeExact(state, pd, address, byteSize, access));
    }

    static int localKey(long mr) {
        return at(mr, MR).get(JAVA_INT, MR_LOCAL_KEY);
    }

    static int remoteKey(long mr) {
        return at(mr, MR).get(JAVA_INT, MR_REMOTE_KEY);
    }

    static void deregister(long mr) throws IOException {
        number("ibv_dereg_mr", state -> (int) DEREGISTER.invokeExact(state, mr));
    }

    static int commandFd(long context) {
        return at(context, CONTEXT).get(JAVA_INT, CONTEXT_COMMAND_FD);
    }

    static int completionVectors(long context) {
        return at(context, CONTEXT).get(JAVA_INT, CONTEXT_VECTORS);
    }

    private static MemorySegment device(Arena arena, long context) throws IOException {
        MemorySegment attributes = arena.allocate(DEVICE, JAVA_LONG.byteSize());
        number("ibv_query_device", state -> (int) QUERY_DEVICE.invokeExact(state, context, attributes.address()));
        return attributes;
    }

    static RdmaLimits limits(long context) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment found = device(arena, context);
            return new RdmaLimits(
                    found.get(JAVA_LONG, DEVICE_MOST_MEMORY),
                    found.get(JAVA_INT, DEVICE_MOST_WORK),
                    found.get(JAVA_INT, DEVICE_MOST_ENTRIES),
                    found.get(JAVA_INT, DEVICE_MOST_PIECES),
                    Math.min(found.get(JAVA_INT, DEVICE_MOST_READS), found.get(JAVA_INT, DEVICE_MOST_OWN_READS)),
                    found.get(JAVA_INT, DEVICE_ATOMICS));
        }
    }

    /// Which operations on reliable connections may page on demand, as `enum ibv_odp_transport_cap_bits`.
    ///
    /// @return -1 if none
    static int onDemand(long context) {
        if (at(context, CONTEXT).get(JAVA_LONG, CONTEXT_ABI_COMPAT) != -1) {
            return -1;
        }
        MemorySegment around = at(context - VERBS_CONTEXT, VERBS_CONTEXT);
        MemorySegment function = around.get(ADDRESS, VERBS_CONTEXT_QUERY_DEVICE);
        if (around.get(JAVA_LONG, VERBS_CONTEXT_SIZE) < VERBS_CONTEXT + CONTEXT - VERBS_CONTEXT_QUERY_DEVICE
                || function.equals(MemorySegment.NULL)) {
            return -1;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment found = arena.allocate(DEVICE_EX, JAVA_LONG.byteSize());
            int error = (int) QUERY_DEVICE_EX.invokeExact(function, context, 0L, found.address(), (long) DEVICE_EX);
            return error != 0 || (found.get(JAVA_LONG, DEVICE_EX_ODP) & 1) == 0
                    ? -1
                    : found.get(JAVA_INT, DEVICE_EX_RC_ODP);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }

    /// Makes one of each, and compares what the structures say with what is known: an ABI that is not the one described here is refused.
    static void requireLayout(long context) throws IOException {
        int entries = 4;
        long pd = allocatePd(context);
        long cq = createCq(context, entries, 0, 0);
        boolean right = cqEntries(cq) >= entries && isRightMr(pd) && isRightDevice(context);
        for (int offset : new int[] {OPS_POLL_CQ, OPS_REQUEST_NOTIFY, OPS_POST_SEND, OPS_POST_RECEIVE}) {
            right &= at(context, CONTEXT).get(JAVA_LONG, offset) != 0;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment given = arena.allocate(INIT_ATTRIBUTES, JAVA_LONG.byteSize());
            given.set(JAVA_LONG, 8, cq);
            given.set(JAVA_LONG, 16, cq);
            given.set(JAVA_INT, 32, 1);
            given.set(JAVA_INT, 36, 1);
            given.set(JAVA_INT, 40, 1);
            given.set(JAVA_INT, 44, 1);
            given.set(JAVA_INT, 52, IbvQP.IBV_QPT_RC);
            long qp = pointer("ibv_create_qp", state -> (long) CREATE_QP.invokeExact(state, pd, given.address()));
            right &= at(qp, QP).get(JAVA_LONG, QP_CONTEXT) == context && qpNumber(qp) != 0;
            destroyQp(qp);
        }
        destroyCq(cq);
        freePd(pd);
        if (!right) {
            throw new IOException("this libibverbs.so.1 lays its structures out in another way than rdma-core does");
        }
    }

    private static boolean isRightMr(long pd) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment some = arena.allocate(1);
            long mr = register(pd, some.address(), 1, IbvMr.IBV_ACCESS_LOCAL_WRITE);
            MemorySegment fields = at(mr, MR);
            boolean right =
                    fields.get(JAVA_LONG, MR_ADDRESS) == some.address() && fields.get(JAVA_LONG, MR_LENGTH) == 1;
            deregister(mr);
            return right;
        }
    }

    /// Its number in the attributes is the one that the library tells.
    private static boolean isRightDevice(long context) throws IOException {
        long device = at(context, CONTEXT).get(JAVA_LONG, 0);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment found = device(arena, context);
            long guid = (long) DEVICE_GUID_OF.invokeExact(device);
            return found.get(JAVA_LONG, DEVICE_GUID) == guid && found.get(JAVA_BYTE, DEVICE_PORTS) != 0;
        } catch (IOException e) {
            throw e;
        } catch (Throwable t) {
            throw new AssertionError(t);
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

    /// Asks to be told of the next completion.
    ///
    /// @return 0, or an error number
    static int requestNotify(MemorySegment function, long cq, boolean solicitedOnly) {
        try {
            return (int) REQUEST_NOTIFY.invokeExact(function, cq, solicitedOnly ? 1 : 0);
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }
}
