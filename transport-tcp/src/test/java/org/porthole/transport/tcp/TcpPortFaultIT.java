package org.porthole.transport.tcp;

import org.porthole.testkit.PortFaultContract;

class TcpPortFaultIT extends PortFaultContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
