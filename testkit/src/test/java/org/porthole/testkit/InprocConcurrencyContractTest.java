package org.porthole.testkit;

class InprocConcurrencyContractTest extends ConcurrencyContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
