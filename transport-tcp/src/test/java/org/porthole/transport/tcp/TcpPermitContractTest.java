package org.porthole.transport.tcp;

import org.porthole.testkit.PermitContract;

class TcpPermitContractTest extends PermitContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
