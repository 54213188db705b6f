package org.porthole.testkit;

class InprocCollectiveContractTest extends CollectiveContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
