package org.porthole.transport.rdma;

import org.porthole.testkit.GuardContract;

class RdmaGuardContractTest extends GuardContract {
    @Override
    protected String transport() {
        return "rdma";
    }
}
