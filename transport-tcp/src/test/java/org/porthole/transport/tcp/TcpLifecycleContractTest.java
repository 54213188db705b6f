package org.porthole.transport.tcp;

import org.porthole.testkit.LifecycleContract;

class TcpLifecycleContractTest extends LifecycleContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
