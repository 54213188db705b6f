package org.porthole.transport.tcp;

import org.porthole.testkit.GuardContract;

class TcpGuardContractTest extends GuardContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
