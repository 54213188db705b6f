package org.porthole.transport.tcp;

import org.porthole.testkit.WaitContract;

class TcpWaitContractTest extends WaitContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
