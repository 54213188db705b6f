package org.porthole.transport.tcp;

import org.porthole.testkit.LeaseFaultContract;

class TcpLeaseFaultIT extends LeaseFaultContract {
    @Override
    protected String transport() {
        return "tcp";
    }

    @Override
    protected boolean isMapped() {
        return false;
    }
}
