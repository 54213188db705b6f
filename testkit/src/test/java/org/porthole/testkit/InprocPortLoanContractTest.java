package org.porthole.testkit;

class InprocPortLoanContractTest extends PortLoanContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
