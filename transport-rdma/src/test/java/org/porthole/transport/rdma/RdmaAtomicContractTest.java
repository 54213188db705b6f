package org.porthole.transport.rdma;

import org.porthole.testkit.AtomicContract;

class RdmaAtomicContractTest extends AtomicContract {
    @Override
    protected String transport() {
        return "rdma";
    }
}
