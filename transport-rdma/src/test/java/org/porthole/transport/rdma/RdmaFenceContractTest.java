package org.porthole.transport.rdma;

import org.porthole.testkit.FenceContract;

class RdmaFenceContractTest extends FenceContract {
    @Override
    protected String transport() {
        return "rdma";
    }
}
