package org.porthole.transport.tcp;

import org.porthole.config.Configuration;
import org.porthole.testkit.AtomicContract;

class TlsAtomicContractTest extends AtomicContract {
    @Override
    protected String transport() {
        return "tcp";
    }

    @Override
    protected Configuration configuration() {
        return Certificates.tls(super.configuration(), Certificates.RANK);
    }
}
