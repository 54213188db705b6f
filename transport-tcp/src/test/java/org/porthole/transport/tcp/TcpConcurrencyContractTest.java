package org.porthole.transport.tcp;

import org.porthole.testkit.ConcurrencyContract;

class TcpConcurrencyContractTest extends ConcurrencyContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
