package org.porthole.transport.shm;

import org.porthole.testkit.PermitContract;

class ShmPermitContractTest extends PermitContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
