package org.porthole.transport.shm;

import org.porthole.testkit.LockContract;

class ShmLockContractTest extends LockContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
