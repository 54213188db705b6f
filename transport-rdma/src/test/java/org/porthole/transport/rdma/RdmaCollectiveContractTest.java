package org.porthole.transport.rdma;

import org.porthole.testkit.CollectiveContract;

class RdmaCollectiveContractTest extends CollectiveContract {
    @Override
    protected String transport() {
        return "rdma";
    }
}
