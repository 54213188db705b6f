package org.porthole.testkit;

class IndirectMismatchContractTest extends MismatchContract {
    @Override
    protected String transport() {
        return "indirect";
    }
}
