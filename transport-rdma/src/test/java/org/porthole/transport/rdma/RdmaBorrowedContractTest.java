package org.porthole.transport.rdma;

import org.porthole.testkit.BorrowedContract;

class RdmaBorrowedContractTest extends BorrowedContract {
    @Override
    protected String transport() {
        return "rdma";
    }
}
