package org.porthole.testkit;

class InprocFenceContractTest extends FenceContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
