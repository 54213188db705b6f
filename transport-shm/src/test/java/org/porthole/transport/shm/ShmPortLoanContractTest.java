package org.porthole.transport.shm;

import org.porthole.testkit.PortLoanContract;
class ShmPortLoanContractTest extends PortLoanContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
