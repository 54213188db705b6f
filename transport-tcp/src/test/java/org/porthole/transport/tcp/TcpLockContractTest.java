package org.porthole.transport.tcp;

import org.porthole.testkit.LockContract;

class TcpLockContractTest extends LockContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
