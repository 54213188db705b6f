package org.porthole.transport.tcp;

import org.porthole.testkit.ManyRanksContract;

class TcpManyRanksContractTest extends ManyRanksContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
