package org.porthole.transport.shm;

import org.porthole.testkit.RandomProgramContract;

class ShmRandomProgramContractTest extends RandomProgramContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
