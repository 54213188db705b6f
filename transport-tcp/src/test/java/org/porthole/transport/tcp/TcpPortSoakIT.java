package org.porthole.transport.tcp;

import org.porthole.testkit.PortSoakContract;
class TcpPortSoakIT extends PortSoakContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
