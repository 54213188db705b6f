package org.porthole.testkit;

class IndirectSpiContractTest extends SpiContract {
    @Override
    protected String transport() {
        return "indirect";
    }
}
