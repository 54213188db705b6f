package org.porthole.transport.tcp;

import org.porthole.testkit.MismatchContract;

class TcpMismatchContractTest extends MismatchContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
