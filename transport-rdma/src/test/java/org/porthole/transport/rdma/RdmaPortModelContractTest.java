package org.porthole.transport.rdma;

import org.porthole.testkit.PortModelContract;
class RdmaPortModelContractTest extends PortModelContract {
    @Override
    protected String transport() {
        return "rdma";
    }
}
