package org.porthole.testkit;

class IndirectBorrowedContractTest extends BorrowedContract {
    @Override
    protected String transport() {
        return "indirect";
    }
}
