package org.porthole.transport.tcp;

import org.porthole.testkit.BorrowedContract;

class TcpBorrowedContractTest extends BorrowedContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
