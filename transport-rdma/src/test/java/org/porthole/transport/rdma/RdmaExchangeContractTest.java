package org.porthole.transport.rdma;

import org.porthole.testkit.ExchangeContract;

class RdmaExchangeContractTest extends ExchangeContract {
    @Override
    protected String transport() {
        return "rdma";
    }
}
