package org.porthole.transport.shm;

import org.porthole.testkit.WindowRightContract;
class ShmWindowRightContractTest extends WindowRightContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
