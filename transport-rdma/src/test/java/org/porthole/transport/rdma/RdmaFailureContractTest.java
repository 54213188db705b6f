package org.porthole.transport.rdma;

import org.porthole.testkit.FailureContract;

class RdmaFailureContractTest extends FailureContract {
    @Override
    protected String transport() {
        return "rdma";
    }
}
