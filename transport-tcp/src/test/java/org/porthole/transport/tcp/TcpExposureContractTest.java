package org.porthole.transport.tcp;

import org.porthole.testkit.ExposureContract;

class TcpExposureContractTest extends ExposureContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
