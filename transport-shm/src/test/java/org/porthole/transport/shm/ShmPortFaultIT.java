package org.porthole.transport.shm;

import org.porthole.testkit.PortFaultContract;

class ShmPortFaultIT extends PortFaultContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
