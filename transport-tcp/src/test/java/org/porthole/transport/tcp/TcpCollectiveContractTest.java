package org.porthole.transport.tcp;

import org.porthole.testkit.CollectiveContract;

class TcpCollectiveContractTest extends CollectiveContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
