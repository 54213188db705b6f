package org.porthole.transport.shm;

import org.porthole.testkit.MismatchContract;

class ShmMismatchContractTest extends MismatchContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
