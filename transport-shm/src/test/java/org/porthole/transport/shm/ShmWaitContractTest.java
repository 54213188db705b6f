package org.porthole.transport.shm;

import org.porthole.testkit.WaitContract;

class ShmWaitContractTest extends WaitContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
