package org.porthole.testkit;

class IndirectPermitContractTest extends PermitContract {
    @Override
    protected String transport() {
        return "indirect";
    }
}
