package org.porthole.transport.rdma;

import org.porthole.testkit.ExposureKeyContract;

class RdmaExposureKeyContractTest extends ExposureKeyContract {
    @Override
    protected String transport() {
        return "rdma";
    }
}
