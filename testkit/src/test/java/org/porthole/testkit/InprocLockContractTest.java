package org.porthole.testkit;

class InprocLockContractTest extends LockContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
