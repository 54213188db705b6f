package org.porthole.transport.shm;

import org.porthole.testkit.PortSoakContract;
class ShmPortSoakIT extends PortSoakContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
