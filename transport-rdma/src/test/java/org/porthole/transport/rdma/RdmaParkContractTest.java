package org.porthole.transport.rdma;

import org.porthole.testkit.ParkContract;

class RdmaParkContractTest extends ParkContract {
    @Override
    protected String transport() {
        return "rdma";
    }
}
