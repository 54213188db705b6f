package org.porthole.testkit;

class InprocWindowRightContractTest extends WindowRightContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
