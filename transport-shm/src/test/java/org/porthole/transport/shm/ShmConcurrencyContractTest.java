package org.porthole.transport.shm;

import org.porthole.testkit.ConcurrencyContract;

class ShmConcurrencyContractTest extends ConcurrencyContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
