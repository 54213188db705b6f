package org.porthole.transport.tcp;

import org.porthole.testkit.AccumulateContract;

class TcpAccumulateContractTest extends AccumulateContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
