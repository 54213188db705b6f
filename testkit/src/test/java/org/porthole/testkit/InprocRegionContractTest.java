package org.porthole.testkit;

class InprocRegionContractTest extends RegionContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
