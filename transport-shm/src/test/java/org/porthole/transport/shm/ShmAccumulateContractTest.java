package org.porthole.transport.shm;

import org.porthole.testkit.AccumulateContract;

class ShmAccumulateContractTest extends AccumulateContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
