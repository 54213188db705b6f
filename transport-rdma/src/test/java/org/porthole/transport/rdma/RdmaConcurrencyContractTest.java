package org.porthole.transport.rdma;

import org.porthole.testkit.ConcurrencyContract;

class RdmaConcurrencyContractTest extends ConcurrencyContract {
    @Override
    protected String transport() {
        return "rdma";
    }
}
