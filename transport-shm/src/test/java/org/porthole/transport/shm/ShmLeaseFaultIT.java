package org.porthole.transport.shm;

import org.porthole.testkit.LeaseFaultContract;

class ShmLeaseFaultIT extends LeaseFaultContract {
    @Override
    protected String transport() {
        return "shm";
    }

    @Override
    protected boolean isMapped() {
        return true;
    }
}
