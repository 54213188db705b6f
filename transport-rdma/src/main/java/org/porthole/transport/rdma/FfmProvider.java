package org.porthole.transport.rdma;

import com.ibm.disni.verbs.RdmaCm;
import com.ibm.disni.verbs.RdmaProvider;
import com.ibm.disni.verbs.RdmaVerbs;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// DiSNI's API on the system's libibverbs, by foreign functions.
///
/// DiSNI's objects look up the provider as they are made, and where none has been set that is the one that needs libdisni.so. There is no way to set
/// one but the private field that holds it, which the automatic module opens; see adr/0009.
final class FfmProvider extends RdmaProvider {
    /// The version of the API, which DiSNI's own provider takes from its library.
    private static final int VERSION = 32;

    private static final VarHandle CURRENT = current();

    private final FfmVerbs verbs = new FfmVerbs();

    private static VarHandle current() {
        try {
            return MethodHandles.privateLookupIn(RdmaProvider.class, MethodHandles.lookup())
                    .findStaticVarHandle(RdmaProvider.class, "provider", RdmaProvider.class);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("this is not DiSNI 2.1: its RdmaProvider has no field provider", e);
        }
    }

    /// Makes a provider that of DiSNI's objects, unless the program has chosen one before: all that is done here is done through the verbs themselves.
    static void install(RdmaProvider provider) {
        boolean installed = CURRENT.compareAndSet((RdmaProvider) null, provider);
        if (installed) {
            System.getLogger(FfmProvider.class.getName())
                    .log(System.Logger.Level.DEBUG, "rdma: the objects of DiSNI belong to {0}", provider.getClass());
        }
    }

    /// @throws UnsupportedOperationException always: queue pairs are agreed on without rdma_cm
    @Override
    public RdmaCm openCm() {
        throw new UnsupportedOperationException("queue pairs are agreed on without rdma_cm");
    }

    @Override
    public RdmaVerbs openVerbs() {
        return verbs;
    }

    FfmVerbs verbs() {
        return verbs;
    }

    @Override
    public int getVersion() {
        return VERSION;
    }
}
