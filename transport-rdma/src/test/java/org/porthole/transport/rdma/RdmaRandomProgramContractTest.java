package org.porthole.transport.rdma;

import org.porthole.testkit.RandomProgramContract;

class RdmaRandomProgramContractTest extends RandomProgramContract {
    @Override
    protected String transport() {
        return "rdma";
    }
}
