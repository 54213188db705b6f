package org.porthole.testkit;

class InprocWaitContractTest extends WaitContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
