package org.porthole.transport.shm;

import org.porthole.testkit.SpiContract;

class ShmSpiContractTest extends SpiContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
