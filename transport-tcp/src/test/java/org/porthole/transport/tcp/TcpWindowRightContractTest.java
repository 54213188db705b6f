package org.porthole.transport.tcp;

import org.porthole.testkit.WindowRightContract;
class TcpWindowRightContractTest extends WindowRightContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
