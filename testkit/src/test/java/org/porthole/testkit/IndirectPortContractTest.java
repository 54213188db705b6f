package org.porthole.testkit;

class IndirectPortContractTest extends PortContract {
    @Override
    protected String transport() {
        return "indirect";
    }
}
