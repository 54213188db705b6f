package org.porthole.testkit;

class IndirectReductionContractTest extends ReductionContract {
    @Override
    protected String transport() {
        return "indirect";
    }
}
