package org.porthole.transport.rdma;

import org.porthole.testkit.LifecycleContract;

class RdmaLifecycleContractTest extends LifecycleContract {
    @Override
    protected String transport() {
        return "rdma";
    }
}
