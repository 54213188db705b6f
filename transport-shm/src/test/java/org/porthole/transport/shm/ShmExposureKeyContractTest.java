package org.porthole.transport.shm;

import org.porthole.testkit.ExposureKeyContract;

class ShmExposureKeyContractTest extends ExposureKeyContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
