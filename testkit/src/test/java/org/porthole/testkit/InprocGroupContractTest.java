package org.porthole.testkit;

class InprocGroupContractTest extends GroupContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
