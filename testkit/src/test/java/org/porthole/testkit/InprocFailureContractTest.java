package org.porthole.testkit;

class InprocFailureContractTest extends FailureContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
