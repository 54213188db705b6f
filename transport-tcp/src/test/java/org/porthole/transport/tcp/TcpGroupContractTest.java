package org.porthole.transport.tcp;

import org.porthole.testkit.GroupContract;

class TcpGroupContractTest extends GroupContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
