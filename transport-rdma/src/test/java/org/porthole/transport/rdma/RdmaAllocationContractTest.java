package org.porthole.transport.rdma;

import org.porthole.testkit.AllocationContract;

class RdmaAllocationContractTest extends AllocationContract {
    @Override
    protected String transport() {
        return "rdma";
    }

    @Override
    protected int operations() {
        return 5_000;
    }
}
