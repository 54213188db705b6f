package org.porthole.testkit;

class IndirectParkContractTest extends ParkContract {
    @Override
    protected String transport() {
        return "indirect";
    }
}
