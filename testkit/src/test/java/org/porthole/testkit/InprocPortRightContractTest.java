package org.porthole.testkit;

class InprocPortRightContractTest extends PortRightContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
