package org.porthole.testkit;

class IndirectExposureContractTest extends ExposureContract {
    @Override
    protected String transport() {
        return "indirect";
    }
}
