package org.porthole.transport.rdma;

import org.porthole.config.Configuration;
import org.porthole.testkit.NotificationContract;

class RdmaJniNotificationContractTest extends NotificationContract {
    @Override
    protected String transport() {
        return "rdma";
    }

    @Override
    protected Configuration configuration() {
        return LibDisni.chosen(super.configuration());
    }
}
