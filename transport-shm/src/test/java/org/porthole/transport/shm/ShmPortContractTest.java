package org.porthole.transport.shm;

import org.porthole.testkit.PortContract;
class ShmPortContractTest extends PortContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
