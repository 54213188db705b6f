package org.porthole.testkit;

class InprocPortContractTest extends PortContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
