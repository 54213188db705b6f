package org.porthole.testkit;

class IndirectPortLoanContractTest extends PortLoanContract {
    @Override
    protected String transport() {
        return "indirect";
    }
}
