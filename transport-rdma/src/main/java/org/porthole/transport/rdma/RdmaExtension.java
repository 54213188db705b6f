package org.porthole.transport.rdma;

import com.ibm.disni.verbs.IbvCompChannel;
import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvQPInitAttr;
import com.ibm.disni.verbs.RdmaVerbs;
import com.ibm.disni.verbs.SVCPostSend;
import java.io.IOException;

/// What verbs have and DiSNI's API cannot say: devices by name, their limits, queue pairs that are agreed on without rdma_cm, registrations of any
/// length, atomics, and events of several completion queues on one channel.
///
/// **Threads.** Any, but that one work request is patched by one at a time.
interface RdmaExtension {
    /// What DiSNI's API can say.
    RdmaVerbs verbs();

    /// Which provider it is, and what it lacks.
    String describe();

    /// Opens a device.
    ///
    /// @param name as `mlx5_0`
    /// @throws IOException if there is no such device, or its structures are not laid out as they are known here
    IbvContext openDevice(String name) throws IOException;

    /// What is left of the device must have been closed.
    void closeDevice(IbvContext context) throws IOException;

    /// What the device can do.
    RdmaLimits limits(IbvContext context) throws IOException;

    /// Makes a queue pair. The longest payload that it takes inline is found in the attributes afterwards.
    IbvQP createQp(IbvPd pd, IbvQPInitAttr attributes) throws IOException;

    /// Takes a new queue pair to where it sends and receives.
    ///
    /// @param here     this side
    /// @param there    the other side
    /// @param gidIndex which of the port's GIDs packets come from
    /// @param port     the port, from 1
    /// @param access   what the other side may do
    void connectQp(IbvQP qp, RdmaPath here, RdmaPath there, int gidIndex, int port, int access) throws IOException;

    void destroyQp(IbvQP qp) throws IOException;

    /// Registers memory.
    ///
    /// @param length bytes, also beyond 2 GiB
    /// @throws IOException if the device, or the provider, does not take so much
    IbvMr registerMr(IbvPd pd, long address, long length, int access) throws IOException;

    /// Lets [#takeEvents] return at once when there are none.
    ///
    /// @return the file that can be read when there are some
    int watch(IbvCompChannel channel) throws IOException;

    /// Takes the events that are there, and acknowledges each to its own completion queue.
    void takeEvents(IbvCompChannel channel);

    /// The part of a work request that an atomic has. Only where [#limits] has atomics.
    AtomicMod atomicMod(SVCPostSend call, int index);

    /// What of an atomic work request may be patched.
    interface AtomicMod {
        /// The other side's word.
        void setRemote_addr(long address);

        void setRkey(int key);

        /// What is added, or what must be there.
        void setCompare_add(long value);

        /// What is stored if it is.
        void setSwap(long value);
    }
}
