package org.porthole.transport.rdma;

import com.ibm.disni.verbs.IbvCQ;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvRecvWR;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvSge;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.SVCPollCq;
import com.ibm.disni.verbs.SVCPostRecv;
import com.ibm.disni.verbs.SVCReqNotify;
import java.io.IOException;
import java.util.LinkedList;
import java.util.List;

/// A queue pair with a completion queue of its own, which has an entry for each piece of work that may be under way: it cannot overrun.
///
/// **Threads.** One at a time posts sends; one at a time does the rest, whom the connection chooses.
final class RdmaQueue {
    /// Completions taken at once.
    static final int BATCH = 16;
    /// Longest payload that is ever inline.
    static final int MOST_INLINE = 128;

    private final RdmaDevice device;
    private final RdmaBuffer buffer;
    private final IbvCQ cq;
    private final IbvQP qp;
    private final int inline;
    private final RdmaPath path;
    private final RdmaWork write;
    private final RdmaWork writeNothing;
    private final RdmaWork read;
    private final RdmaWork send;
    private final RdmaChain.Chains writes;
    private final RdmaChain.Chains reads;
    /// Null where the device, or the provider, has no atomics.
    private final RdmaWork add;

    private final RdmaWork exchange;
    private final SVCPostRecv[] receives;
    private final IbvWC[] completions = new IbvWC[BATCH];
    private final SVCPollCq poll;
    private final SVCReqNotify notify;
    private boolean closed;

    /// @param sends     most sends, reads and writes under way
    /// @param receives  most receives posted
    /// @param receiveAt where in the buffer the first receive's bytes go; those of the others follow
    /// @param slot      room for each
    RdmaQueue(RdmaDevice device, RdmaBuffer buffer, int sends, int receives, long receiveAt, int slot)
            throws IOException {
        this.device = device;
        this.buffer = buffer;
        cq = device.createCq(sends + receives);
        RdmaDevice.QueuePair pair = device.createQp(cq, sends, receives);
        qp = pair.qp();
        inline = pair.inline();
        path = device.path(qp.getQp_num());
        write = new RdmaWork(device.verbs(), qp, IbvSendWR.IBV_WR_RDMA_WRITE, true);
        writeNothing = new RdmaWork(device.verbs(), qp, IbvSendWR.IBV_WR_RDMA_WRITE, false);
        read = new RdmaWork(device.verbs(), qp, IbvSendWR.IBV_WR_RDMA_READ, true);
        send = new RdmaWork(device.verbs(), qp, IbvSendWR.IBV_WR_SEND, true);
        writes = new RdmaChain.Chains(device.verbs(), qp, IbvSendWR.IBV_WR_RDMA_WRITE);
        reads = new RdmaChain.Chains(device.verbs(), qp, IbvSendWR.IBV_WR_RDMA_READ);
        add = device.hasAtomics()
                ? new RdmaWork(device.verbs(), qp, IbvSendWR.IBV_WR_ATOMIC_FETCH_AND_ADD, true)
                : null;
        exchange = device.hasAtomics()
                ? new RdmaWork(device.verbs(), qp, IbvSendWR.IBV_WR_ATOMIC_CMP_AND_SWP, true)
                : null;
        this.receives = new SVCPostRecv[receives];
        for (int i = 0; i < receives; i++) {
            this.receives[i] = receive(i, receiveAt + (long) i * slot, slot);
        }
        for (int i = 0; i < BATCH; i++) {
            completions[i] = new IbvWC();
        }
        poll = device.verbs().pollCQ(cq, completions, BATCH);
        notify = device.verbs().reqNotifyCQ(cq, false);
    }

    @SuppressWarnings("JdkObsolete") // it is what DiSNI takes
    private SVCPostRecv receive(int number, long at, int length) throws IOException {
        IbvSge piece = new IbvSge();
        piece.setAddr(buffer.segment().address() + at);
        piece.setLength(length);
        piece.setLkey(buffer.key());
        IbvRecvWR request = new IbvRecvWR();
        request.setWr_id(~number);
        request.setSg_list(new LinkedList<>(List.of(piece)));
        request.setNum_sge(1);
        return device.verbs().postRecv(qp, List.of(request), List.of());
    }

    RdmaPath path() {
        return path;
    }

    /// Longest payload that the device copies while it is posted.
    int inline() {
        return inline;
    }

    /// Connects it, when receives have been posted.
    void connect(RdmaPath there) throws IOException {
        device.connect(qp, path, there);
    }

    // Work. Numbers are what completions are known by.

    /// Where a byte of the buffer is.
    long address(long at) {
        return buffer.segment().address() + at;
    }

    /// The adapter's key for the buffer.
    int key() {
        return buffer.key();
    }

    /// Writes from registered memory to the peer's.
    void write(long number, int flags, long address, int length, int key, long remote, int remoteKey)
            throws IOException {
        write.post(number, flags, address, length, key, remote, remoteKey);
    }

    /// Writes nothing: its completion tells that what was posted before is complete.
    void mark(long number) throws IOException {
        writeNothing.post(number, IbvSendWR.IBV_SEND_SIGNALED, 0, 0);
    }

    /// Reads the peer's memory into registered memory.
    void read(long number, int flags, long address, int length, int key, long remote, int remoteKey)
            throws IOException {
        read.post(number, flags, address, length, key, remote, remoteKey);
    }

    /// Several writes, or reads, that are posted at once.
    ///
    /// @param most how many there are, at least 2
    RdmaChain chain(boolean isWrite, int most) throws IOException {
        return (isWrite ? writes : reads).of(most);
    }

    /// Sends a message from the buffer.
    void send(long number, int flags, long at, int length) throws IOException {
        send.post(number, flags, buffer.segment().address() + at, length, buffer.key(), 0, 0);
    }

    /// Adds to a word of the peer's, whose value before goes into the buffer.
    void add(long number, int flags, long at, long remote, int remoteKey, long operand) throws IOException {
        long local = buffer.segment().address() + at;
        add.post(number, flags, local, buffer.key(), device.extension(), remote, remoteKey, operand, 0);
    }

    /// Exchanges a word of the peer's if it is as expected; its value before goes into the buffer.
    void exchange(long number, int flags, long at, long remote, int remoteKey, long expected, long value)
            throws IOException {
        long local = buffer.segment().address() + at;
        exchange.post(number, flags, local, buffer.key(), device.extension(), remote, remoteKey, expected, value);
    }

    /// Lets a message come into its place in the buffer.
    void postReceive(int number) throws IOException {
        SVCPostRecv ignored = receives[number].execute();
    }

    void postReceives() throws IOException {
        for (int i = 0; i < receives.length; i++) {
            postReceive(i);
        }
    }

    // Completions.

    /// Takes completions, at most [#BATCH].
    ///
    /// @return how many
    int poll() throws IOException {
        return poll.execute().getPolls();
    }

    /// Which receive a completion is that of. Of one that failed only the number and the status mean something.
    ///
    /// @return negative if it is none
    static int receive(IbvWC completion) {
        return (int) Math.max(~completion.getWr_id(), -1);
    }

    IbvWC completion(int index) {
        return completions[index];
    }

    /// Lets the next completion be told to whoever sleeps on the device's channel.
    void arm() throws IOException {
        SVCReqNotify ignored = notify.execute();
    }

    /// Nobody posts or polls any more.
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            device.destroyQp(qp);
            device.destroyCq(cq);
        } catch (IOException e) {
            System.getLogger(RdmaQueue.class.getName())
                    .log(System.Logger.Level.WARNING, "rdma: a queue pair was not closed: {0}", e.getMessage());
        }
        write.free();
        writeNothing.free();
        read.free();
        send.free();
        writes.free();
        reads.free();
        if (add != null) {
            add.free();
            exchange.free();
        }
        for (SVCPostRecv each : receives) {
            SVCPostRecv unusedReceive = each.free();
        }
        SVCPollCq unusedPoll = poll.free();
        SVCReqNotify unusedNotify = notify.free();
    }
}
