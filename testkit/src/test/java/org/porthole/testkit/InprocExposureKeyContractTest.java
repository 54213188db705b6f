package org.porthole.testkit;

class InprocExposureKeyContractTest extends ExposureKeyContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
