package org.porthole.transport.tcp;

import org.porthole.testkit.ProcessFaultContract;

class TcpProcessFaultIT extends ProcessFaultContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
