package org.porthole.transport.shm;

import org.porthole.testkit.LargeContract;

class ShmLargeIT extends LargeContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
