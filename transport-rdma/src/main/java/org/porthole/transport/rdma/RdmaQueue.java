package org.porthole.transport.rdma;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.porthole.transport.rdma.RdmaNative.RefusedException;

/// A queue pair, its completions, and the buffers of its messages.
///
/// **Threads.** One at a time posts sends; one at a time does the rest, whom the connection chooses.
final class RdmaQueue {
    /// Completions taken at once.
    static final int BATCH = 16;

    private static final int INLINE = 128;

    private final RdmaDevice device;
    private final Arena arena = Arena.ofShared();
    private final long cq;
    private final long qp;
    private final int inline;
    private final RdmaPath path;
    private final MemorySegment buffer;
    private final long mr;
    private final int key;
    private final MemorySegment send;
    private final MemorySegment sendSge;
    private final MemorySegment receive;
    private final MemorySegment receiveSge;
    private final MemorySegment bad;
    private final MemorySegment completions;
    private boolean closed;

    /// @param sends    most sends, reads and writes under way
    /// @param receives most receives posted
    /// @param bytes    size of the buffer
    RdmaQueue(RdmaDevice device, int sends, int receives, long bytes) throws RefusedException {
        this.device = device;
        cq = device.createCq(sends + receives);
        RdmaNative.QueuePair pair = RdmaNative.createQp(device.pd(), cq, sends, receives, INLINE);
        qp = pair.address();
        inline = pair.inline();
        path = device.path(RdmaNative.qpNumber(qp));
        buffer = arena.allocate(bytes, 4096);
        mr = RdmaNative.register(device.pd(), buffer.address(), bytes, RdmaNative.LOCAL_WRITE);
        key = RdmaNative.localKey(mr);
        send = arena.allocate(RdmaNative.SEND_WR, Long.BYTES);
        sendSge = arena.allocate(RdmaNative.SGE, Long.BYTES);
        send.set(JAVA_LONG, RdmaNative.SEND_WR_SGE, sendSge.address());
        receive = arena.allocate(RdmaNative.RECEIVE_WR, Long.BYTES);
        receiveSge = arena.allocate(RdmaNative.SGE, Long.BYTES);
        receive.set(JAVA_LONG, RdmaNative.RECEIVE_WR_SGE, receiveSge.address());
        receive.set(JAVA_INT, RdmaNative.RECEIVE_WR_SGES, 1);
        receiveSge.set(JAVA_INT, RdmaNative.SGE_KEY, key);
        bad = arena.allocate(2 * Long.BYTES, Long.BYTES);
        completions = arena.allocate((long) RdmaNative.WC * BATCH, Long.BYTES);
    }

    RdmaPath path() {
        return path;
    }

    MemorySegment buffer() {
        return buffer;
    }

    /// Longest payload that the device copies while it is posted.
    int inline() {
        return inline;
    }

    void connect(RdmaPath there) throws RefusedException {
        device.connect(qp, path, there);
    }

    /// Posts a send, read or write between the buffer and the peer.
    ///
    /// @param number what its completion is known by
    /// @param at     where in the buffer
    /// @param remote the peer's address; 0 for a message
    void post(long number, int opcode, int flags, long at, int length, long remote, int remoteKey) throws IOException {
        send.set(JAVA_LONG, 0, number);
        send.set(JAVA_INT, RdmaNative.SEND_WR_SGES, length == 0 ? 0 : 1);
        send.set(JAVA_INT, RdmaNative.SEND_WR_OPCODE, opcode);
        send.set(JAVA_INT, RdmaNative.SEND_WR_FLAGS, flags);
        send.set(JAVA_LONG, RdmaNative.SEND_WR_REMOTE_ADDRESS, remote);
        send.set(JAVA_INT, RdmaNative.SEND_WR_REMOTE_KEY, remoteKey);
        sendSge.set(JAVA_LONG, 0, buffer.address() + at);
        sendSge.set(JAVA_INT, RdmaNative.SGE_LENGTH, length);
        sendSge.set(JAVA_INT, RdmaNative.SGE_KEY, key);
        require(RdmaNative.post(device.postSend, qp, send.address(), bad.address()));
    }

    /// Lets a message come into the buffer.
    void postReceive(long number, long at, int length) throws IOException {
        receive.set(JAVA_LONG, 0, number);
        receiveSge.set(JAVA_LONG, 0, buffer.address() + at);
        receiveSge.set(JAVA_INT, RdmaNative.SGE_LENGTH, length);
        require(RdmaNative.post(device.postReceive, qp, receive.address(), bad.address() + Long.BYTES));
    }

    private static void require(int error) throws IOException {
        if (error != 0) {
            throw new IOException("the device takes no work: " + RdmaNative.words(error));
        }
    }

    /// Takes completions, at most [#BATCH].
    ///
    /// @return how many
    int poll() throws IOException {
        int count = RdmaNative.pollCq(device.poll, cq, BATCH, completions.address());
        if (count < 0) {
            throw new IOException("the device does not tell what is complete");
        }
        return count;
    }

    long number(int completion) {
        return completions.get(JAVA_LONG, (long) completion * RdmaNative.WC);
    }

    int status(int completion) {
        return completions.get(JAVA_INT, (long) completion * RdmaNative.WC + RdmaNative.WC_STATUS);
    }

    boolean isReceive(int completion) {
        return (completions.get(JAVA_INT, (long) completion * RdmaNative.WC + RdmaNative.WC_OPCODE)
                        & RdmaNative.RECEIVED)
                != 0;
    }

    int length(int completion) {
        return completions.get(JAVA_INT, (long) completion * RdmaNative.WC + RdmaNative.WC_BYTE_LENGTH);
    }

    /// Lets the next completion be told to whoever sleeps on the device's channel.
    void arm() {
        RdmaNative.requestNotify(device.requestNotify, cq);
    }

    /// Nobody posts or polls any more.
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            RdmaNative.destroyQp(qp);
            RdmaNative.destroyCq(cq);
            RdmaNative.deregister(mr);
        } catch (RefusedException e) {
            System.getLogger(RdmaQueue.class.getName())
                    .log(System.Logger.Level.WARNING, "rdma: a queue pair was not closed: {0}", e.getMessage());
        }
        arena.close();
    }
}
