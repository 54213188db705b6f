package org.porthole.testkit;

class IndirectPortModelContractTest extends PortModelContract {
    @Override
    protected String transport() {
        return "indirect";
    }
}
