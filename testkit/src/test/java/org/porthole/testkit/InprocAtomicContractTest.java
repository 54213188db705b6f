package org.porthole.testkit;

class InprocAtomicContractTest extends AtomicContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
