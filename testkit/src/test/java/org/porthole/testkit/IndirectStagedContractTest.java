package org.porthole.testkit;

class IndirectStagedContractTest extends StagedContract {
    @Override
    protected String transport() {
        return "indirect";
    }
}
