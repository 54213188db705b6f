package org.porthole.transport.shm;

import org.porthole.testkit.ManyRanksContract;

class ShmManyRanksContractTest extends ManyRanksContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
