package org.porthole.transport.tcp;

import org.porthole.testkit.TeamContract;

class TcpTeamContractTest extends TeamContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
