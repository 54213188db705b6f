package org.porthole.transport.rdma;

import org.porthole.testkit.ExposureContract;

class RdmaExposureContractTest extends ExposureContract {
    @Override
    protected String transport() {
        return "rdma";
    }
}
