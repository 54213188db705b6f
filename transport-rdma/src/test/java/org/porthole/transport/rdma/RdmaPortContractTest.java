package org.porthole.transport.rdma;

import org.porthole.testkit.PortContract;
class RdmaPortContractTest extends PortContract {
    @Override
    protected String transport() {
        return "rdma";
    }
}
