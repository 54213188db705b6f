package org.porthole.transport.tcp;

import org.porthole.testkit.SpiContract;

class TcpSpiContractTest extends SpiContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
