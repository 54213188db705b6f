package org.porthole.transport.shm;

import org.porthole.testkit.ParkContract;

class ShmParkContractTest extends ParkContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
