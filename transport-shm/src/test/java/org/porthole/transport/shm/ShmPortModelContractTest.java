package org.porthole.transport.shm;

import org.porthole.testkit.PortModelContract;
class ShmPortModelContractTest extends PortModelContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
