package org.porthole.transport.rdma;

import org.porthole.testkit.LockContract;

class RdmaLockContractTest extends LockContract {
    @Override
    protected String transport() {
        return "rdma";
    }
}
