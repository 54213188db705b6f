package org.porthole.transport.tcp;

import org.porthole.testkit.BoundsContract;

class TcpBoundsContractTest extends BoundsContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
