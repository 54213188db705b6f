package org.porthole.transport.tcp;

import org.porthole.testkit.StagedContract;

class TcpStagedContractTest extends StagedContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
