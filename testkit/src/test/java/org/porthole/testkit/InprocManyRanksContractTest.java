package org.porthole.testkit;

class InprocManyRanksContractTest extends ManyRanksContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
