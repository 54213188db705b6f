package org.porthole.transport.rdma;

import org.porthole.testkit.RegionContract;

class RdmaRegionContractTest extends RegionContract {
    @Override
    protected String transport() {
        return "rdma";
    }
}
