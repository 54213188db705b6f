package org.porthole.transport.shm;

import org.porthole.testkit.PortRightContract;
class ShmPortRightContractTest extends PortRightContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
