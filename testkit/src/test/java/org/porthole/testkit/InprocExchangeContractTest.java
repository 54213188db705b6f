package org.porthole.testkit;

class InprocExchangeContractTest extends ExchangeContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
