package org.porthole.testkit;

class InprocAllocationContractTest extends AllocationContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
