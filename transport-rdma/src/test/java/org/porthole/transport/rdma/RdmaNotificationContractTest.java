package org.porthole.transport.rdma;

import org.porthole.testkit.NotificationContract;

class RdmaNotificationContractTest extends NotificationContract {
    @Override
    protected String transport() {
        return "rdma";
    }
}
