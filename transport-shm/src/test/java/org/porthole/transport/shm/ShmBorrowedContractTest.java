package org.porthole.transport.shm;

import org.porthole.testkit.BorrowedContract;

class ShmBorrowedContractTest extends BorrowedContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
