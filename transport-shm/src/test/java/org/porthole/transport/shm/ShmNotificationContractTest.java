package org.porthole.transport.shm;

import org.porthole.testkit.NotificationContract;

class ShmNotificationContractTest extends NotificationContract {
    @Override
    protected String transport() {
        return "shm";
    }
}
