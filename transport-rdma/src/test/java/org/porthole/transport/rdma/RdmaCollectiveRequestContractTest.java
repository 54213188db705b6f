package org.porthole.transport.rdma;

import org.porthole.testkit.CollectiveRequestContract;

class RdmaCollectiveRequestContractTest extends CollectiveRequestContract {
    @Override
    protected String transport() {
        return "rdma";
    }
}
