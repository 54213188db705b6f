package org.porthole.testkit;

class IndirectLockContractTest extends LockContract {
    @Override
    protected String transport() {
        return "indirect";
    }
}
