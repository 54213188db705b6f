package org.porthole.transport.rdma;

import org.porthole.testkit.LeaseContract;

class RdmaLeaseContractTest extends LeaseContract {
    @Override
    protected String transport() {
        return "rdma";
    }
}
