package org.porthole.transport.tcp;

import org.porthole.testkit.ParkContract;

class TcpParkContractTest extends ParkContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
