package org.porthole.transport.tcp;

import org.porthole.testkit.LeaseContract;

class TcpLeaseContractTest extends LeaseContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
