package org.porthole.transport.tcp;

import org.porthole.testkit.RequestContract;

class TcpRequestContractTest extends RequestContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
