package org.porthole.transport.rdma;

import com.ibm.disni.verbs.IbvCQ;
import com.ibm.disni.verbs.IbvCompChannel;
import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvQPInitAttr;
import com.ibm.disni.verbs.IbvRecvWR;
import com.ibm.disni.verbs.IbvSendWR;
import com.ibm.disni.verbs.IbvWC;
import com.ibm.disni.verbs.RdmaVerbs;
import com.ibm.disni.verbs.SVCDeregMr;
import com.ibm.disni.verbs.SVCPollCq;
import com.ibm.disni.verbs.SVCPostRecv;
import com.ibm.disni.verbs.SVCPostSend;
import com.ibm.disni.verbs.SVCRegMr;
import com.ibm.disni.verbs.SVCReqNotify;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import org.porthole.transport.rdma.FfmObjects.Channel;
import org.porthole.transport.rdma.FfmObjects.Context;
import org.porthole.transport.rdma.FfmObjects.Cq;
import org.porthole.transport.rdma.FfmObjects.Mr;
import org.porthole.transport.rdma.FfmObjects.Pd;
import org.porthole.transport.rdma.FfmObjects.Qp;

/// DiSNI's verbs by foreign functions, and what its API cannot say.
///
/// **Threads.** Any.
final class FfmVerbs extends RdmaVerbs implements RdmaExtension {
    FfmVerbs() {}

    private static IOException closed(String what) {
        return new IOException("the " + what + " is closed");
    }

    private static Context open(IbvContext context) throws IOException {
        if (!context.isOpen()) {
            throw closed("device");
        }
        return (Context) context;
    }

    private static Pd open(IbvPd pd) throws IOException {
        if (!pd.isOpen()) {
            throw closed("protection domain");
        }
        return (Pd) pd;
    }

    @Override
    public RdmaVerbs verbs() {
        return this;
    }

    @Override
    public String describe() {
        return "ffm, by foreign functions on libibverbs.so.1";
    }

    @Override
    public IbvContext openDevice(String name) throws IOException {
        long context = RdmaNative.openDevice(name);
        try {
            RdmaNative.requireLayout(context);
            return new Context(context);
        } catch (IOException e) {
            RdmaNative.closeDevice(context);
            throw e;
        }
    }

    @Override
    public void closeDevice(IbvContext context) throws IOException {
        Context open = open(context);
        open.close();
        RdmaNative.closeDevice(open.address);
    }

    @Override
    public RdmaLimits limits(IbvContext context) throws IOException {
        return RdmaNative.limits(open(context).address);
    }

    @Override
    public IbvPd allocPd(IbvContext context) throws IOException {
        Context open = open(context);
        return new Pd(open, RdmaNative.allocatePd(open.address));
    }

    @Override
    public int deallocPd(IbvPd pd) throws IOException {
        Pd open = open(pd);
        open.close();
        RdmaNative.freePd(open.address);
        return 0;
    }

    @Override
    public IbvCompChannel createCompChannel(IbvContext context) throws IOException {
        Context open = open(context);
        return new Channel(open, RdmaNative.createChannel(open.address));
    }

    @Override
    public int destroyCompChannel(IbvCompChannel channel) throws IOException {
        channel.close();
        RdmaNative.destroyChannel(((Channel) channel).address);
        return 0;
    }

    @Override
    public IbvCQ createCQ(IbvContext context, IbvCompChannel channel, int entries, int vector) throws IOException {
        Context open = open(context);
        Channel itsChannel = (Channel) channel;
        long address = RdmaNative.createCq(open.address, entries, itsChannel == null ? 0 : itsChannel.address, vector);
        return new Cq(open, itsChannel, address);
    }

    @Override
    public int destroyCQ(IbvCQ cq) throws IOException {
        cq.close();
        RdmaNative.destroyCq(((Cq) cq).address);
        return 0;
    }

    @Override
    public IbvQP createQp(IbvPd pd, IbvQPInitAttr attributes) throws IOException {
        Pd open = open(pd);
        long sendCq = ((Cq) attributes.getSend_cq()).address;
        long receiveCq = ((Cq) attributes.getRecv_cq()).address;
        return new Qp((Context) open.getContext(), RdmaNative.createQp(open.address, sendCq, receiveCq, attributes));
    }

    @Override
    public void connectQp(IbvQP qp, RdmaPath here, RdmaPath there, int gidIndex, int port, int access)
            throws IOException {
        RdmaNative.connectQp(((Qp) qp).address, here, there, gidIndex, port, access);
    }

    @Override
    public void destroyQp(IbvQP qp) throws IOException {
        qp.close();
        RdmaNative.destroyQp(((Qp) qp).address);
    }

    /// Any event's queue may be told, since each event names it; acknowledged at once.
    @Override
    public boolean getCqEvent(IbvCompChannel channel, IbvCQ cq, int timeoutMs) {
        long address = ((Channel) channel).address;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment scratch = arena.allocate(RdmaSystemNative.SCRATCH, Long.BYTES);
            return RdmaSystemNative.isReadable(scratch, channel.getFd(), timeoutMs) && RdmaNative.nextEvent(address);
        }
    }

    /// Nothing is left to be done: [#getCqEvent] has.
    @Override
    public int ackCqEvents(IbvCQ cq, int count) {
        return 0;
    }

    @Override
    public int watch(IbvCompChannel channel) throws IOException {
        return RdmaNative.watch(((Channel) channel).address);
    }

    @Override
    public void takeEvents(IbvCompChannel channel) {
        while (RdmaNative.nextEvent(((Channel) channel).address)) {
            Thread.onSpinWait();
        }
    }

    @Override
    public SVCRegMr regMr(IbvPd pd, ByteBuffer buffer, int access) {
        MemorySegment memory = MemorySegment.ofBuffer(buffer.duplicate().clear());
        return new FfmRegMr(this, pd, memory.address(), (int) memory.byteSize(), access);
    }

    @Override
    public SVCRegMr regMr(IbvPd pd, long address, int length, int access) {
        return new FfmRegMr(this, pd, address, length, access);
    }

    @Override
    public IbvMr registerMr(IbvPd pd, long address, long length, int access) throws IOException {
        Pd open = open(pd);
        long mr = RdmaNative.register(open.address, address, length, access);
        return new Mr((Context) open.getContext(), mr, address, length, access);
    }

    @Override
    public SVCDeregMr deregMr(IbvMr mr) {
        return new FfmDeregMr((Mr) mr);
    }

    @Override
    public SVCPostSend postSend(IbvQP qp, List<IbvSendWR> requests, List<IbvSendWR> bad) {
        return new FfmPostSend((Qp) qp, requests);
    }

    @Override
    public AtomicMod atomicMod(SVCPostSend call, int index) {
        return ((FfmPostSend) call).atomicMod(index);
    }

    @Override
    public SVCPostRecv postRecv(IbvQP qp, List<IbvRecvWR> requests, List<IbvRecvWR> bad) {
        return new FfmPostRecv((Qp) qp, requests);
    }

    @Override
    public SVCPollCq pollCQ(IbvCQ cq, IbvWC[] completions, int most) {
        return new FfmPollCq((Cq) cq, completions, most);
    }

    @Override
    public SVCReqNotify reqNotifyCQ(IbvCQ cq, boolean solicitedOnly) {
        return new FfmReqNotify((Cq) cq, solicitedOnly);
    }

    @Override
    public int queryOdpSupport(IbvContext context) throws IOException {
        return RdmaNative.onDemand(open(context).address);
    }

    /// Advice that may be left out.
    @Override
    public int expPrefetchMr(IbvMr mr, long address, int length) {
        return 0;
    }
}
