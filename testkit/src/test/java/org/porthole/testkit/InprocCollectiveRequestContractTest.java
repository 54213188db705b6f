package org.porthole.testkit;

class InprocCollectiveRequestContractTest extends CollectiveRequestContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
