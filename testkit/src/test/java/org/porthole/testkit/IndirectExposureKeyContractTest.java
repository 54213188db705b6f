package org.porthole.testkit;

class IndirectExposureKeyContractTest extends ExposureKeyContract {
    @Override
    protected String transport() {
        return "indirect";
    }
}
