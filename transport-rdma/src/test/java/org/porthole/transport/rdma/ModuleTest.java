package org.porthole.transport.rdma;

import org.porthole.spi.TransportProvider;
import org.porthole.testkit.ModuleContract;

class ModuleTest extends ModuleContract {
    @Override
    protected Class<? extends TransportProvider> provider() {
        return RdmaTransportProvider.class;
    }

    @Override
    protected String transport() {
        return RdmaTransportProvider.NAME;
    }

    @Override
    protected String[] requires() {
        return new String[] {"disni", "org.agrona"};
    }
}
