package org.porthole.transport.rdma;

import org.porthole.testkit.PermitContract;

class RdmaPermitContractTest extends PermitContract {
    @Override
    protected String transport() {
        return "rdma";
    }
}
