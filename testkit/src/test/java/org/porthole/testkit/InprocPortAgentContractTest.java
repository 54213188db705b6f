package org.porthole.testkit;

class InprocPortAgentContractTest extends PortAgentContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
