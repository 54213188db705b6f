package org.porthole.transport.tcp;

import org.porthole.testkit.ReductionContract;

class TcpReductionContractTest extends ReductionContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
