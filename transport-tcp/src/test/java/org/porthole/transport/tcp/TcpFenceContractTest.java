package org.porthole.transport.tcp;

import org.porthole.testkit.FenceContract;

class TcpFenceContractTest extends FenceContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
