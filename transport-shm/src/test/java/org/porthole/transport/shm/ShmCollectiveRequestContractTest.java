package org.porthole.transport.shm;

import org.porthole.testkit.CollectiveRequestContract;

class ShmCollectiveRequestContractTest extends CollectiveRequestContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
