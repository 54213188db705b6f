package org.porthole.testkit;

class IndirectWindowRightContractTest extends WindowRightContract {
    @Override
    protected String transport() {
        return "indirect";
    }
}
