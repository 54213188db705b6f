package org.porthole.testkit;

class InprocMismatchContractTest extends MismatchContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
