package org.porthole.testkit;

class InprocRequestContractTest extends RequestContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
