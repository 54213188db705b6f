package org.porthole.testkit;

class InprocRaceContractTest extends RaceContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
