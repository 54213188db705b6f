package org.porthole.transport.tcp;

import org.porthole.testkit.CollectiveRequestContract;

class TcpCollectiveRequestContractTest extends CollectiveRequestContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
