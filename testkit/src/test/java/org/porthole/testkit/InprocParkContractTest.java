package org.porthole.testkit;

class InprocParkContractTest extends ParkContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
