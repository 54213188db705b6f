package org.porthole.transport.shm;

import org.porthole.testkit.RegionContract;

class ShmRegionContractTest extends RegionContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
