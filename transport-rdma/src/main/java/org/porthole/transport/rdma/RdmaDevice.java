package org.porthole.transport.rdma;

import com.ibm.disni.verbs.IbvCQ;
import com.ibm.disni.verbs.IbvCompChannel;
import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvQPInitAttr;
import com.ibm.disni.verbs.RdmaVerbs;
import com.ibm.disni.verbs.SVCDeregMr;
import java.io.IOException;
import java.security.SecureRandom;
import org.porthole.TransportException;

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
    private final RdmaVerbs verbs;
    private final RdmaExtension extension;
    private final IbvContext context;
    private final IbvPd pd;
    private final IbvCompChannel channel;
    private final int channelFd;
    private final RdmaLimits limits;

    /// A queue pair, and the longest payload that it takes inline.
    record QueuePair(IbvQP qp, int inline) {}

    RdmaDevice(RdmaPorts.Choice choice, RdmaProviderMode mode) {
        port = choice.port();
        gid = choice.gid();
        try {
            extension = mode.open();
            verbs = extension.verbs();
            context = extension.openDevice(port.device());
            limits = extension.limits(context);
            pd = verbs.allocPd(context);
            channel = verbs.createCompChannel(context);
            channelFd = extension.watch(channel);
        } catch (IOException e) {
            throw new TransportException("rdma: device " + port + " cannot be used: " + e.getMessage(), e);
        }
    }

    RdmaPort port() {
        return port;
    }

    RdmaPort.Gid gid() {
        return gid;
    }

    RdmaVerbs verbs() {
        return verbs;
    }

    RdmaLimits limits() {
        return limits;
    }

    /// What DiSNI's API cannot say.
    RdmaExtension extension() {
        return extension;
    }

    /// Whether atomics can be asked of the adapter.
    boolean hasAtomics() {
        return limits.hasAtomics();
    }

    int channelFd() {
        return channelFd;
    }

    IbvMr register(long address, long byteSize, int access) throws IOException {
        return extension.registerMr(pd, address, byteSize, access);
    }

    /// Registers memory that only this rank's own work refers to.
    RdmaCache.Registered registerOwn(long address, long byteSize) throws IOException {
        IbvMr mr = register(address, byteSize, IbvMr.IBV_ACCESS_LOCAL_WRITE);
        return new RdmaCache.Registered() {
            @Override
            public int key() {
                return mr.getLkey();
            }

            @Override
            public void end() throws IOException {
                deregister(mr);
            }
        };
    }

    void deregister(IbvMr mr) throws IOException {
        SVCDeregMr ignored = verbs.deregMr(mr).execute().free();
    }

    /// What peers may do with memory of this rank's, and this device can.
    int access() {
        int access = IbvMr.IBV_ACCESS_LOCAL_WRITE | IbvMr.IBV_ACCESS_REMOTE_WRITE | IbvMr.IBV_ACCESS_REMOTE_READ;
        return limits.hasAtomics() ? access | IbvMr.IBV_ACCESS_REMOTE_ATOMIC : access;
    }

    IbvCQ createCq(int entries) throws IOException {
        return verbs.createCQ(context, channel, entries, 0);
    }

    void destroyCq(IbvCQ cq) throws IOException {
        int ignored = verbs.destroyCQ(cq);
    }

    QueuePair createQp(IbvCQ cq, int sends, int receives) throws IOException {
        IbvQPInitAttr attributes = new IbvQPInitAttr();
        attributes.setQp_type(IbvQP.IBV_QPT_RC);
        attributes.setSend_cq(cq);
        attributes.setRecv_cq(cq);
        attributes.cap().setMax_send_wr(sends);
        attributes.cap().setMax_recv_wr(receives);
        attributes.cap().setMax_send_sge(1);
        attributes.cap().setMax_recv_sge(1);
        attributes.cap().setMax_inline_data(RdmaQueue.MOST_INLINE);
        IbvQP qp = extension.createQp(pd, attributes);
        return new QueuePair(
                qp, Math.min(RdmaQueue.MOST_INLINE, attributes.cap().getMax_inline_data()));
    }

    void destroyQp(IbvQP qp) throws IOException {
        extension.destroyQp(qp);
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

    void connect(IbvQP qp, RdmaPath here, RdmaPath there) throws IOException {
        extension.connectQp(qp, here, there, gid == null ? 0 : gid.index(), port.number(), access());
    }

    /// Takes the events that are there.
    void takeEvents() {
        extension.takeEvents(channel);
    }

    /// Queue pairs and registrations must have been closed.
    @Override
    public void close() {
        try {
            int unusedChannel = verbs.destroyCompChannel(channel);
            int unusedPd = verbs.deallocPd(pd);
            extension.closeDevice(context);
        } catch (IOException e) {
            System.getLogger(RdmaDevice.class.getName())
                    .log(System.Logger.Level.WARNING, "rdma: device {0} was not closed: {1}", port, e.getMessage());
        }
    }
}
