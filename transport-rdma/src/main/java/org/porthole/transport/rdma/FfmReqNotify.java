package org.porthole.transport.rdma;

import com.ibm.disni.verbs.SVCReqNotify;
import java.io.IOException;
import org.porthole.transport.rdma.FfmObjects.Cq;

/// Lets a completion queue tell of its next entry.
final class FfmReqNotify extends SVCReqNotify {
    private final Cq cq;
    private final boolean solicitedOnly;
    private boolean valid = true;

    FfmReqNotify(Cq cq, boolean solicitedOnly) {
        this.cq = cq;
        this.solicitedOnly = solicitedOnly;
    }

    @Override
    public SVCReqNotify execute() throws IOException {
        int error = RdmaNative.requestNotify(cq.device.requestNotify, cq.address, solicitedOnly);
        if (error != 0) {
            throw new IOException("ibv_req_notify_cq: " + RdmaSystemNative.words(error));
        }
        return this;
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public SVCReqNotify free() {
        valid = false;
        return this;
    }
}
