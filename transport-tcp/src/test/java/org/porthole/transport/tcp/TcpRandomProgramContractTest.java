package org.porthole.transport.tcp;

import org.porthole.testkit.RandomProgramContract;

class TcpRandomProgramContractTest extends RandomProgramContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
