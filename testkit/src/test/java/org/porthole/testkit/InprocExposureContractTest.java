package org.porthole.testkit;

class InprocExposureContractTest extends ExposureContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
