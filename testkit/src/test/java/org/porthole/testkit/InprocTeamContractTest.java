package org.porthole.testkit;

class InprocTeamContractTest extends TeamContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
