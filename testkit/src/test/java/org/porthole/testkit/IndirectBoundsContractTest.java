package org.porthole.testkit;

class IndirectBoundsContractTest extends BoundsContract {
    @Override
    protected String transport() {
        return "indirect";
    }
}
