package org.porthole.testkit;

class IndirectOwnMemoryContractTest extends OwnMemoryContract {
    @Override
    protected String transport() {
        return "indirect";
    }
}
