package org.porthole.testkit;

class IndirectGuardContractTest extends GuardContract {
    @Override
    protected String transport() {
        return "indirect";
    }
}
