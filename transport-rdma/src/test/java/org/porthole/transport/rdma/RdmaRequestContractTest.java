package org.porthole.transport.rdma;

import org.porthole.testkit.RequestContract;

class RdmaRequestContractTest extends RequestContract {
    @Override
    protected String transport() {
        return "rdma";
    }
}
