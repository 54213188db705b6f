package org.porthole.transport.tcp;

import org.porthole.testkit.PortModelContract;
class TcpPortModelContractTest extends PortModelContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
