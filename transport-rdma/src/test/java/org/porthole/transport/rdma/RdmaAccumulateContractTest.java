package org.porthole.transport.rdma;

import org.porthole.testkit.AccumulateContract;

class RdmaAccumulateContractTest extends AccumulateContract {
    @Override
    protected String transport() {
        return "rdma";
    }
}
