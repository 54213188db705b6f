package org.porthole.transport.shm;

import org.porthole.testkit.GuardContract;

class ShmGuardContractTest extends GuardContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
