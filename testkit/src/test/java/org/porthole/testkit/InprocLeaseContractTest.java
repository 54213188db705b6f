package org.porthole.testkit;

class InprocLeaseContractTest extends LeaseContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
