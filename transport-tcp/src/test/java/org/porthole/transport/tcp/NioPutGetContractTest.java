package org.porthole.transport.tcp;

import org.porthole.config.Configuration;
import org.porthole.testkit.PutGetContract;

class NioPutGetContractTest extends PutGetContract {
    @Override
    protected String transport() {
        return "tcp";
    }

    @Override
    protected Configuration configuration() {
        return super.configuration().with(TcpOptions.IO, "nio");
    }
}
