package org.porthole.transport.shm;

import org.porthole.config.Configuration;
import org.porthole.testkit.OwnMemoryContract;

/// As where the kernel refuses to copy between processes.
class ShmMessageOwnMemoryContractTest extends OwnMemoryContract {
    @Override
    protected String transport() {
        return "shm";
    }

    @Override
    protected Configuration configuration() {
        return super.configuration().with(ShmOptions.CMA, "off");
    }
}
