package org.porthole.transport.tcp;

import org.porthole.testkit.RaceContract;

class TcpRaceContractTest extends RaceContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
