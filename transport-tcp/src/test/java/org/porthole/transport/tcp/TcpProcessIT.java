package org.porthole.transport.tcp;

import org.porthole.testkit.ProcessContract;

class TcpProcessIT extends ProcessContract {
    @Override
    protected String transport() {
        return "tcp";
    }

    @Override
    protected String evidence() {
        return "its connection";
    }
}
