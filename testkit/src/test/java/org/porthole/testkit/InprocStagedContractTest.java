package org.porthole.testkit;

class InprocStagedContractTest extends StagedContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
