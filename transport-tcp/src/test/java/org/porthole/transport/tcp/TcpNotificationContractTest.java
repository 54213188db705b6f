package org.porthole.transport.tcp;

import org.porthole.testkit.NotificationContract;

class TcpNotificationContractTest extends NotificationContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
