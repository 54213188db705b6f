package org.porthole.transport.shm;

import org.porthole.testkit.AtomicContract;

class ShmAtomicContractTest extends AtomicContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
