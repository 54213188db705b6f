package org.porthole.testkit;

class IndirectFailureContractTest extends FailureContract {
    @Override
    protected String transport() {
        return "indirect";
    }
}
