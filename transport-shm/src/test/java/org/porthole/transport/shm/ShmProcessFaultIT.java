package org.porthole.transport.shm;

import org.porthole.testkit.ProcessFaultContract;

class ShmProcessFaultIT extends ProcessFaultContract {
    @Override
    protected String transport() {
        return "shm";
    }

    @Override
    protected String[] toldWords() {
        return new String[] {"rank 1 failed: its process", "has ended"};
    }
}
