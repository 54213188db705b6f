package org.porthole.transport.tcp;

import org.porthole.testkit.PortContract;
class TcpPortContractTest extends PortContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
