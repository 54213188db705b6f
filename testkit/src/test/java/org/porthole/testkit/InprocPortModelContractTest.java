package org.porthole.testkit;

class InprocPortModelContractTest extends PortModelContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
