package org.porthole.transport.rdma;

import org.porthole.testkit.WaitContract;

class RdmaWaitContractTest extends WaitContract {
    @Override
    protected String transport() {
        return "rdma";
    }
}
