package org.porthole.testkit;

class InprocAccumulateContractTest extends AccumulateContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
