package org.porthole.transport.rdma;

import com.ibm.disni.verbs.IbvCQ;
import com.ibm.disni.verbs.IbvCompChannel;
import com.ibm.disni.verbs.IbvContext;
import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.IbvQP;
import com.ibm.disni.verbs.IbvQPInitAttr;
import com.ibm.disni.verbs.RdmaVerbs;
import com.ibm.disni.verbs.SVCPostSend;
import com.ibm.disni.verbs.SVCRegMr;
import com.ibm.disni.verbs.impl.NatIbvContext;
import com.ibm.disni.verbs.impl.NatIbvQP;
import com.ibm.disni.verbs.impl.NatObject;
import com.ibm.disni.verbs.impl.NativeDispatcher;
import com.ibm.disni.verbs.impl.RdmaProviderNat;
import java.io.IOException;
import java.lang.invoke.MethodHandles;

/// DiSNI's own verbs, by its native library. It posts, polls and registers; devices by name, queue pairs without rdma_cm and events of several queues,
/// which it has no calls for, are foreign functions' here too: its objects are known by the addresses of the structures that they stand for.
///
/// Its work requests have no room for atomics, which therefore travel as messages, and it registers at most 2 GiB at once.
///
/// **Threads.** Any.
final class JniVerbs implements RdmaExtension {
    private final RdmaVerbs verbs;
    private final NativeDispatcher dispatcher;

    private JniVerbs(RdmaVerbs verbs, NativeDispatcher dispatcher) {
        this.verbs = verbs;
        this.dispatcher = dispatcher;
    }

    /// Loads the library.
    ///
    /// @throws IOException if something is missing
    static JniVerbs open() throws IOException {
        try {
            if (!Object.class.getModule().isExported("sun.nio.ch", RdmaProviderNat.class.getModule())) {
                throw new IOException("java.base keeps sun.nio.ch to itself");
            }
            RdmaProviderNat provider = new RdmaProviderNat();
            FfmProvider.install(provider);
            NativeDispatcher dispatcher =
                    (NativeDispatcher) MethodHandles.privateLookupIn(RdmaProviderNat.class, MethodHandles.lookup())
                            .findVarHandle(RdmaProviderNat.class, "nativeDispatcher", NativeDispatcher.class)
                            .get(provider);
            return new JniVerbs(provider.openVerbs(), dispatcher);
        } catch (IOException | LinkageError | ReflectiveOperationException e) {
            throw new IOException(
                    "DiSNI's own provider cannot be used: " + first(e).getMessage()
                            + "; it takes libdisni.so in java.library.path, slf4j-api in the class path, and --add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                    e);
        }
    }

    /// A class that could not be initialised says why only once, but its cause does so again.
    private static Throwable first(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static long address(Object object) {
        return ((NatObject) object).getObjId();
    }

    @Override
    public RdmaVerbs verbs() {
        return verbs;
    }

    @Override
    public String describe() {
        return "jni, by DiSNI's libdisni.so, which has no atomics, so that messages carry them, and registers at most 2 GiB at once";
    }

    @Override
    public IbvContext openDevice(String name) throws IOException {
        long context = RdmaNative.openDevice(name);
        try {
            RdmaNative.requireLayout(context);
            return new NatIbvContext(context, dispatcher);
        } catch (IOException e) {
            RdmaNative.closeDevice(context);
            throw e;
        }
    }

    @Override
    public void closeDevice(IbvContext context) throws IOException {
        context.close();
        RdmaNative.closeDevice(address(context));
    }

    @Override
    public RdmaLimits limits(IbvContext context) throws IOException {
        RdmaLimits most = RdmaNative.limits(address(context));
        return new RdmaLimits(
                most.mostMemory() > 0 ? Math.min(most.mostMemory(), Integer.MAX_VALUE) : Integer.MAX_VALUE,
                most.mostWork(),
                most.mostEntries(),
                most.mostPieces(),
                most.mostReads(),
                0);
    }

    @Override
    public IbvQP createQp(IbvPd pd, IbvQPInitAttr attributes) throws IOException {
        IbvCQ sends = attributes.getSend_cq();
        IbvCQ receives = attributes.getRecv_cq();
        return new NatIbvQP(
                RdmaNative.createQp(address(pd), address(sends), address(receives), attributes), dispatcher);
    }

    @Override
    public void connectQp(IbvQP qp, RdmaPath here, RdmaPath there, int gidIndex, int port, int access)
            throws IOException {
        RdmaNative.connectQp(address(qp), here, there, gidIndex, port, access);
    }

    @Override
    public void destroyQp(IbvQP qp) throws IOException {
        qp.close();
        RdmaNative.destroyQp(address(qp));
    }

    @Override
    public IbvMr registerMr(IbvPd pd, long address, long length, int access) throws IOException {
        if (length > Integer.MAX_VALUE) {
            throw new IOException("DiSNI's own provider registers at most " + Integer.MAX_VALUE + " bytes at once");
        }
        SVCRegMr call = verbs.regMr(pd, address, (int) length, access).execute();
        IbvMr registered = call.getMr();
        SVCRegMr unusedCall = call.free();
        return registered;
    }

    /// DiSNI's channels do not know their file.
    @Override
    public int watch(IbvCompChannel channel) throws IOException {
        return RdmaNative.watch(address(channel));
    }

    @Override
    public void takeEvents(IbvCompChannel channel) {
        while (RdmaNative.nextEvent(address(channel))) {
            Thread.onSpinWait();
        }
    }

    @Override
    public AtomicMod atomicMod(SVCPostSend call, int index) {
        throw new UnsupportedOperationException("DiSNI's own work requests have no atomics");
    }
}
