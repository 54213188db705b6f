package org.porthole.testkit;

class InprocNotificationContractTest extends NotificationContract {
    @Override
    protected String transport() {
        return "inproc";
    }
}
