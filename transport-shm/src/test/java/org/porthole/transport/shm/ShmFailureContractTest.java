package org.porthole.transport.shm;

import org.porthole.testkit.FailureContract;

class ShmFailureContractTest extends FailureContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
