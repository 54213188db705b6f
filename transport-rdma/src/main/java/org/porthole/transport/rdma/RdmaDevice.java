package org.porthole.transport.rdma;

import java.lang.foreign.MemorySegment;
import java.security.SecureRandom;
import org.porthole.TransportException;
import org.porthole.transport.rdma.RdmaNative.RefusedException;

/// An opened RDMA device, with all that queue pairs of one transport share.
///
/// **Threads.** Any.
final class RdmaDevice implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();
    /// `IBV_MTU_1024`: every port has it, and the two ends of a path need not ask.
    private static final int MTU = 3;

    private static final int PSN_MASK = 0xff_ffff;

    private final RdmaPort port;
    private final RdmaPort.Gid gid;
    private final long context;
    private final long pd;
    private final long channel;
    final MemorySegment postSend;
    final MemorySegment postReceive;
    final MemorySegment poll;
    final MemorySegment requestNotify;

    RdmaDevice(RdmaPorts.Choice choice) {
        port = choice.port();
        gid = choice.gid();
        try {
            context = RdmaNative.openDevice(port.device());
            pd = RdmaNative.allocatePd(context);
            channel = RdmaNative.createChannel(context);
            postSend = RdmaNative.postSendOf(context);
            postReceive = RdmaNative.postReceiveOf(context);
            poll = RdmaNative.pollOf(context);
            requestNotify = RdmaNative.requestNotifyOf(context);
            requireLayout();
        } catch (RefusedException e) {
            throw new TransportException("rdma: device " + port + " cannot be used: " + e.getMessage(), e);
        }
    }

    private void requireLayout() throws RefusedException {
        int entries = 4;
        long cq = RdmaNative.createCq(context, entries, 0);
        long qp = RdmaNative.createQp(pd, cq, entries / 2, entries / 2, 0).address();
        RdmaNative.requireLayout(context, pd, cq, entries, qp);
        RdmaNative.destroyQp(qp);
        RdmaNative.destroyCq(cq);
    }

    RdmaPort port() {
        return port;
    }

    RdmaPort.Gid gid() {
        return gid;
    }

    long pd() {
        return pd;
    }

    int channelFd() {
        return RdmaNative.channelFd(channel);
    }

    long createCq(int entries) throws RefusedException {
        return RdmaNative.createCq(context, entries, channel);
    }

    /// How a queue pair of this device is reached.
    RdmaPath path(int qpNumber) {
        return new RdmaPath(
                qpNumber,
                RANDOM.nextInt() & PSN_MASK,
                port.lid(),
                MTU,
                gid != null,
                gid == null ? new byte[RdmaPath.GID] : gid.bytes());
    }

    void connect(long qp, RdmaPath here, RdmaPath there) throws RefusedException {
        RdmaNative.connectQp(qp, here, there, gid == null ? 0 : gid.index(), port.number());
    }

    /// Takes the events that are there.
    void takeEvents() {
        while (RdmaNative.nextEvent(channel)) {
            Thread.onSpinWait();
        }
    }

    /// Queue pairs and registrations must have been closed.
    @Override
    public void close() {
        try {
            RdmaNative.destroyChannel(channel);
            RdmaNative.freePd(pd);
            RdmaNative.closeDevice(context);
        } catch (RefusedException e) {
            System.getLogger(RdmaDevice.class.getName())
                    .log(System.Logger.Level.WARNING, "rdma: device {0} was not closed: {1}", port, e.getMessage());
        }
    }
}
