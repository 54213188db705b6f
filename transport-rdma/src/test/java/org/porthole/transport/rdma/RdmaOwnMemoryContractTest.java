package org.porthole.transport.rdma;

import org.porthole.testkit.OwnMemoryContract;

class RdmaOwnMemoryContractTest extends OwnMemoryContract {
    @Override
    protected String transport() {
        return "rdma";
    }
}
