package org.porthole.transport.shm;

import org.porthole.testkit.RaceContract;

class ShmRaceContractTest extends RaceContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
