package org.porthole.transport.tcp;

import org.porthole.testkit.AllocationContract;

class TcpAllocationContractTest extends AllocationContract {
    @Override
    protected String transport() {
        return "tcp";
    }

    @Override
    protected int operations() {
        return 5_000;
    }
}
