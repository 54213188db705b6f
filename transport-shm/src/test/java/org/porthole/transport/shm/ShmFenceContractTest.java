package org.porthole.transport.shm;

import org.porthole.testkit.FenceContract;

class ShmFenceContractTest extends FenceContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
