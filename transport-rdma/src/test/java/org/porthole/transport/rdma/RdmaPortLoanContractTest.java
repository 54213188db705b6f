package org.porthole.transport.rdma;

import org.porthole.testkit.PortLoanContract;
class RdmaPortLoanContractTest extends PortLoanContract {
    @Override
    protected String transport() {
        return "rdma";
    }
}
