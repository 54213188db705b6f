package org.porthole.transport.shm;

import org.porthole.testkit.LifecycleContract;

class ShmLifecycleContractTest extends LifecycleContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
