package org.porthole.testkit;

class IndirectPortAgentContractTest extends PortAgentContract {
    @Override
    protected String transport() {
        return "indirect";
    }
}
