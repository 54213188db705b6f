package org.porthole.transport.rdma;

import org.porthole.testkit.PortRightContract;
class RdmaPortRightContractTest extends PortRightContract {
    @Override
    protected String transport() {
        return "rdma";
    }
}
