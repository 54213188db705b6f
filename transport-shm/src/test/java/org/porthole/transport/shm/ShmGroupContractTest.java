package org.porthole.transport.shm;

import org.porthole.testkit.GroupContract;

class ShmGroupContractTest extends GroupContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
