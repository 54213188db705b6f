package org.porthole.transport.shm;

import org.porthole.testkit.PortAgentContract;
class ShmPortAgentContractTest extends PortAgentContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
