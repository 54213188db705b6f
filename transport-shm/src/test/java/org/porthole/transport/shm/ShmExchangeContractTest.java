package org.porthole.transport.shm;

import org.porthole.testkit.ExchangeContract;

class ShmExchangeContractTest extends ExchangeContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
