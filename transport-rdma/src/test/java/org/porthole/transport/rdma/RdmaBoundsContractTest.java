package org.porthole.transport.rdma;

import org.porthole.testkit.BoundsContract;

class RdmaBoundsContractTest extends BoundsContract {
    @Override
    protected String transport() {
        return "rdma";
    }
}
