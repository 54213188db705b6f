package org.porthole.transport.rdma;

import org.porthole.testkit.ReductionContract;

class RdmaReductionContractTest extends ReductionContract {
    @Override
    protected String transport() {
        return "rdma";
    }
}
