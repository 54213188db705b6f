package org.porthole.transport.shm;

import org.porthole.testkit.ReductionContract;

class ShmReductionContractTest extends ReductionContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
