package org.porthole.transport.shm;

import org.porthole.config.Configuration;
import org.porthole.testkit.BorrowedContract;

class ShmMessageBorrowedContractTest extends BorrowedContract {
    @Override
    protected String transport() {
        return "shm";
    }

    @Override
    protected Configuration configuration() {
        return super.configuration().with(ShmOptions.CMA, "off");
    }
}
