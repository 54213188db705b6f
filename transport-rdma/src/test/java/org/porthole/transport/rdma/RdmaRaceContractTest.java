package org.porthole.transport.rdma;

import org.porthole.testkit.RaceContract;

class RdmaRaceContractTest extends RaceContract {
    @Override
    protected String transport() {
        return "rdma";
    }
}
