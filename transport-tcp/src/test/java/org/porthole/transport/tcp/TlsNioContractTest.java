package org.porthole.transport.tcp;

import org.porthole.config.Configuration;
import org.porthole.testkit.PutGetContract;

/// Over the JDK's channels, with certificates by RSA.
class TlsNioContractTest extends PutGetContract {
    @Override
    protected String transport() {
        return "tcp";
    }

    @Override
    protected Configuration configuration() {
        return Certificates.tls(super.configuration(), Certificates.RSA).with(TcpOptions.IO, "nio");
    }
}
