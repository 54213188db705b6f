package org.porthole.transport.shm;

import org.porthole.testkit.LeaseContract;

class ShmLeaseContractTest extends LeaseContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
