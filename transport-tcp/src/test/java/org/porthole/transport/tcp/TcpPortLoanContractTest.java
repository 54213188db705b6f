package org.porthole.transport.tcp;

import org.porthole.testkit.PortLoanContract;
class TcpPortLoanContractTest extends PortLoanContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
