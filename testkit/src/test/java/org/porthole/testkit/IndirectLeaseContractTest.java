package org.porthole.testkit;

class IndirectLeaseContractTest extends LeaseContract {
    @Override
    protected String transport() {
        return "indirect";
    }
}
