package org.porthole.transport.tcp;

import org.porthole.testkit.ExchangeContract;

class TcpExchangeContractTest extends ExchangeContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
