package org.porthole.transport.tcp;

import org.porthole.config.Configuration;
import org.porthole.testkit.AtomicContract;

class NioAtomicContractTest extends AtomicContract {
    @Override
    protected String transport() {
        return "tcp";
    }

    @Override
    protected Configuration configuration() {
        return super.configuration().with(TcpOptions.IO, "nio");
    }
}
