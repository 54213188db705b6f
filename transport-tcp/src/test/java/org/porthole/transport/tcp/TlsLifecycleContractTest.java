package org.porthole.transport.tcp;

import org.porthole.config.Configuration;
import org.porthole.testkit.LifecycleContract;

class TlsLifecycleContractTest extends LifecycleContract {
    @Override
    protected String transport() {
        return "tcp";
    }

    @Override
    protected Configuration configuration() {
        return Certificates.tls(super.configuration(), Certificates.RANK);
    }
}
