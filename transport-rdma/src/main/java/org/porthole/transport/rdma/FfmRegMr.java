package org.porthole.transport.rdma;

import com.ibm.disni.verbs.IbvMr;
import com.ibm.disni.verbs.IbvPd;
import com.ibm.disni.verbs.SVCRegMr;
import java.io.IOException;

/// Registers memory.
final class FfmRegMr extends SVCRegMr {
    private final FfmVerbs verbs;
    private final IbvPd pd;
    private final long address;
    private final int length;
    private final int access;
    private IbvMr mr;
    private boolean valid = true;

    FfmRegMr(FfmVerbs verbs, IbvPd pd, long address, int length, int access) {
        this.verbs = verbs;
        this.pd = pd;
        this.address = address;
        this.length = length;
        this.access = access;
    }

    @Override
    public SVCRegMr execute() throws IOException {
        mr = verbs.registerMr(pd, address, length, access);
        return this;
    }

    @Override
    public IbvMr getMr() {
        return mr;
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public SVCRegMr free() {
        valid = false;
        return this;
    }
}
