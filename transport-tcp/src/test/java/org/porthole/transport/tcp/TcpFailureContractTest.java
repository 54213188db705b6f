package org.porthole.transport.tcp;

import org.porthole.testkit.FailureContract;

class TcpFailureContractTest extends FailureContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
