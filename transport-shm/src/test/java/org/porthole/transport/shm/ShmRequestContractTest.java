package org.porthole.transport.shm;

import org.porthole.testkit.RequestContract;

class ShmRequestContractTest extends RequestContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
