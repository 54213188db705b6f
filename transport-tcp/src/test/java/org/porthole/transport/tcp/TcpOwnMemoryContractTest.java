package org.porthole.transport.tcp;

import org.porthole.testkit.OwnMemoryContract;

class TcpOwnMemoryContractTest extends OwnMemoryContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
