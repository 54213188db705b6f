package org.porthole.transport.tcp;

import org.porthole.config.Configuration;
import org.porthole.testkit.SpiContract;

class TlsSpiContractTest extends SpiContract {
    @Override
    protected String transport() {
        return "tcp";
    }

    @Override
    protected Configuration configuration() {
        return Certificates.tls(super.configuration(), Certificates.RANK);
    }
}
