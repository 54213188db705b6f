package org.porthole.testkit;

class InprocReductionContractTest extends ReductionContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
