package org.porthole.testkit;

class InprocOwnMemoryContractTest extends OwnMemoryContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
