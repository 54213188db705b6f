package org.porthole.testkit;

class IndirectWaitContractTest extends WaitContract {
    @Override
    protected String transport() {
        return "indirect";
    }
}
