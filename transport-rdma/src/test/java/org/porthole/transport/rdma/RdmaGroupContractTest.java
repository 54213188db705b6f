package org.porthole.transport.rdma;

import org.porthole.testkit.GroupContract;

class RdmaGroupContractTest extends GroupContract {
    @Override
    protected String transport() {
        return "rdma";
    }
}
