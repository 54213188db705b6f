package org.porthole.transport.rdma;

import org.porthole.testkit.TeamContract;

class RdmaTeamContractTest extends TeamContract {
    @Override
    protected String transport() {
        return "rdma";
    }
}
