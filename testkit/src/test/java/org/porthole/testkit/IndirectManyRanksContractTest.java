package org.porthole.testkit;

class IndirectManyRanksContractTest extends ManyRanksContract {
    @Override
    protected String transport() {
        return "indirect";
    }
}
