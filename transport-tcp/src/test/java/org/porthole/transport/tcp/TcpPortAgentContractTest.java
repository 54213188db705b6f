package org.porthole.transport.tcp;

import org.porthole.testkit.PortAgentContract;
class TcpPortAgentContractTest extends PortAgentContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
