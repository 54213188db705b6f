package org.porthole.transport.rdma;

import org.porthole.testkit.StagedContract;

class RdmaStagedContractTest extends StagedContract {
    @Override
    protected String transport() {
        return "rdma";
    }
}
