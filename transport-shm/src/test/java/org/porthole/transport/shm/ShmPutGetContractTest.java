package org.porthole.transport.shm;

import org.porthole.testkit.PutGetContract;

class ShmPutGetContractTest extends PutGetContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
