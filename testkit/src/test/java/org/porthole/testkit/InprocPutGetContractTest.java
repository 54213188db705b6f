package org.porthole.testkit;

class InprocPutGetContractTest extends PutGetContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
