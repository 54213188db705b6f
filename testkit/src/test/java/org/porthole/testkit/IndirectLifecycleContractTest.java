package org.porthole.testkit;

class IndirectLifecycleContractTest extends LifecycleContract {
    @Override
    protected String transport() {
        return "indirect";
    }
}
