package org.porthole.transport.tcp;

import org.porthole.testkit.LargeContract;

class TcpLargeIT extends LargeContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
