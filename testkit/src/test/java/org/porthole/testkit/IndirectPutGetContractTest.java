package org.porthole.testkit;

class IndirectPutGetContractTest extends PutGetContract {
    @Override
    protected String transport() {
        return "indirect";
    }
}
