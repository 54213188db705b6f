package org.porthole.transport.rdma;

import org.porthole.config.Configuration;
import org.porthole.testkit.SpiContract;

class RdmaJniSpiContractTest extends SpiContract {
    @Override
    protected String transport() {
        return "rdma";
    }

    @Override
    protected Configuration configuration() {
        return LibDisni.chosen(super.configuration());
    }
}
