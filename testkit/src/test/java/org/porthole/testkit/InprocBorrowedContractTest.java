package org.porthole.testkit;

class InprocBorrowedContractTest extends BorrowedContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
