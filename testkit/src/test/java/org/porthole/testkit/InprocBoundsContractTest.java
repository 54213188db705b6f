package org.porthole.testkit;

class InprocBoundsContractTest extends BoundsContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
