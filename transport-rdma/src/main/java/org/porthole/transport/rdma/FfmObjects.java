package org.porthole.transport.rdma;

import com.ibm.disni.verbs.IbvCQ;
import com.ibm.disni.verbs.IbvCompChannel;
import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// DiSNI's objects, each with the address of the structure that it stands for.
final class FfmObjects {
    private FfmObjects() {}

    static final class Context extends IbvContext {
        final long address;
        /// What a device's driver gives for the verbs that are no functions of the library.
        final MemorySegment postSend;

        final MemorySegment postReceive;
        final MemorySegment poll;
        final MemorySegment requestNotify;

        Context(long address) throws IOException {
            super(RdmaNative.commandFd(address), RdmaNative.completionVectors(address));
            this.address = address;
            postSend = RdmaNative.postSendOf(address);
            postReceive = RdmaNative.postReceiveOf(address);
            poll = RdmaNative.pollOf(address);
            requestNotify = RdmaNative.requestNotifyOf(address);
        }
    }

    static final class Pd extends IbvPd {
        final long address;

        Pd(Context context, long address) throws IOException {
            super(context);
            this.address = address;
        }
    }

    static final class Channel extends IbvCompChannel {
        final long address;

        Channel(Context context, long address) throws IOException {
            super(RdmaNative.channelFd(address), context);
            this.address = address;
        }
    }

    static final class Cq extends IbvCQ {
        final Context device;
        final long address;

        Cq(Context context, Channel channel, long address) throws IOException {
            super(context, channel, 0);
            device = context;
            this.address = address;
            cqe = RdmaNative.cqEntries(address);
        }
    }

    static final class Qp extends IbvQP {
        final Context device;
        final long address;

        Qp(Context context, long address) throws IOException {
            super(RdmaNative.qpNumber(address));
            device = context;
            this.context = context;
            this.address = address;
        }
    }

    static final class Mr extends IbvMr {
        final long address;

        /// The length is shown as an `int`, which is all that DiSNI has for it.
        Mr(Context context, long address, long start, long length, int access) throws IOException {
            super(
                    context,
                    start,
                    (int) Math.min(length, Integer.MAX_VALUE),
                    access,
                    RdmaNative.localKey(address),
                    RdmaNative.remoteKey(address),
                    0);
            this.address = address;
        }
    }
}
