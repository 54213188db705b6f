package org.porthole.testkit;

class InprocGuardContractTest extends GuardContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
