package org.porthole.transport.rdma;

import org.porthole.testkit.PutGetContract;

class RdmaPutGetContractTest extends PutGetContract {
    @Override
    protected String transport() {
        return "rdma";
    }
}
