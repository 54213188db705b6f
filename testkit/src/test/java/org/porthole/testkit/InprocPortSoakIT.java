package org.porthole.testkit;

class InprocPortSoakIT extends PortSoakContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
