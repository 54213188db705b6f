package org.porthole.testkit;

class InprocLifecycleContractTest extends LifecycleContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
