package org.porthole.testkit;

class InprocSpiContractTest extends SpiContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
