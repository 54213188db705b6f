package org.porthole.transport.tcp;

import org.porthole.testkit.PortRightContract;
class TcpPortRightContractTest extends PortRightContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
