package org.porthole.transport.rdma;

import org.porthole.testkit.WindowRightContract;
class RdmaWindowRightContractTest extends WindowRightContract {
    @Override
    protected String transport() {
        return "rdma";
    }
}
