package org.porthole.transport.rdma;

import org.porthole.testkit.MismatchContract;

class RdmaMismatchContractTest extends MismatchContract {
    @Override
    protected String transport() {
        return "rdma";
    }
}
