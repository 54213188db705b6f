package org.porthole.testkit;

class InprocRandomProgramContractTest extends RandomProgramContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
