package org.porthole.testkit;

class IndirectPortRightContractTest extends PortRightContract {
    @Override
    protected String transport() {
        return "indirect";
    }
}
