package org.porthole.transport.shm;

import org.porthole.testkit.CollectiveContract;

class ShmCollectiveContractTest extends CollectiveContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
