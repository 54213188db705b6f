package org.porthole.transport.tcp;

import org.porthole.config.Configuration;
import org.porthole.testkit.NotificationContract;

class TlsNotificationContractTest extends NotificationContract {
    @Override
    protected String transport() {
        return "tcp";
    }

    @Override
    protected Configuration configuration() {
        return Certificates.tls(super.configuration(), Certificates.RANK);
    }
}
