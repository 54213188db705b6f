package org.porthole.transport.shm;

import org.porthole.testkit.AllocationContract;

class ShmAllocationContractTest extends AllocationContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
