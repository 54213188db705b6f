package org.porthole.testkit;

class IndirectAllocationContractTest extends AllocationContract {
    @Override
    protected String transport() {
        return "indirect";
    }
}
