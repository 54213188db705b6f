package org.porthole.transport.rdma;

import org.porthole.testkit.WaitContract;

class RdmaWaitContractTest extends WaitContract {
    @Override
    protected String transport() {
        return "rdma";
    }

    /// Devices that are software take milliseconds for what adapters do in microseconds.
    @Override
    protected int rounds() {
        return 80;
    }
}
