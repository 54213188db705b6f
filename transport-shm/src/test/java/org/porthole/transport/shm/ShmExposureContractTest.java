package org.porthole.transport.shm;

import org.porthole.testkit.ExposureContract;

class ShmExposureContractTest extends ExposureContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
