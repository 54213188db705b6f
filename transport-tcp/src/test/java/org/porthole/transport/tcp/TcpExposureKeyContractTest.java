package org.porthole.transport.tcp;

import org.porthole.testkit.ExposureKeyContract;

class TcpExposureKeyContractTest extends ExposureKeyContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
