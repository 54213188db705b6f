package org.porthole.transport.tcp;

import org.porthole.testkit.PutGetContract;

class TcpPutGetContractTest extends PutGetContract {
    @Override
    protected String transport() {
        return "tcp";
    }
}
