package org.porthole.transport.tcp;

import org.porthole.testkit.AtomicContract;

class TcpAtomicContractTest extends AtomicContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
