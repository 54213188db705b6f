package org.porthole.testkit;

class InprocPermitContractTest extends PermitContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
