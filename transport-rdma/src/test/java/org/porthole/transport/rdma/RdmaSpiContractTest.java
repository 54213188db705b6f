package org.porthole.transport.rdma;

import org.porthole.testkit.SpiContract;

class RdmaSpiContractTest extends SpiContract {
    @Override
    protected String transport() {
        return "rdma";
    }
}
