package org.porthole.transport.shm;

import org.porthole.testkit.StagedContract;

class ShmStagedContractTest extends StagedContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
