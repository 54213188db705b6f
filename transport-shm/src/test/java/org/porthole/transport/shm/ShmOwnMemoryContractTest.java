package org.porthole.transport.shm;

import org.porthole.testkit.OwnMemoryContract;

class ShmOwnMemoryContractTest extends OwnMemoryContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
