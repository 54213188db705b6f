package org.porthole.transport.shm;

import org.porthole.testkit.BoundsContract;

class ShmBoundsContractTest extends BoundsContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
