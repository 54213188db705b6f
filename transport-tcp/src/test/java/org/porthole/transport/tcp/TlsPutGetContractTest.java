package org.porthole.transport.tcp;

import org.porthole.config.Configuration;
import org.porthole.testkit.PutGetContract;

class TlsPutGetContractTest extends PutGetContract {
    @Override
    protected String transport() {
        return "tcp";
    }

    @Override
    protected Configuration configuration() {
        return Certificates.tls(super.configuration(), Certificates.RANK);
    }
}
