package org.porthole.transport.shm;

import org.porthole.testkit.TeamContract;

class ShmTeamContractTest extends TeamContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
