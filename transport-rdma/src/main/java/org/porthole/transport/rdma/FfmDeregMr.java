package org.porthole.transport.rdma;

import com.ibm.disni.verbs.SVCDeregMr;
import java.io.IOException;
import org.porthole.transport.rdma.FfmObjects.Mr;

/// Ends a registration.
final class FfmDeregMr extends SVCDeregMr {
    private final Mr mr;
    private boolean valid = true;

    FfmDeregMr(Mr mr) {
        this.mr = mr;
    }

    @Override
    public SVCDeregMr execute() throws IOException {
        if (mr.isOpen()) {
            RdmaNative.deregister(mr.address);
            mr.close();
        }
        return this;
    }

    @Override
    public boolean isValid() {
        return valid;
    }

    @Override
    public SVCDeregMr free() {
        valid = false;
        return this;
    }
}
