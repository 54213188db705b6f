package org.porthole.transport.rdma;

import org.porthole.testkit.PortAgentContract;
class RdmaPortAgentContractTest extends PortAgentContract {
    @Override
    protected String transport() {
        return "rdma";
    }
}
