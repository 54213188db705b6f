package org.porthole.transport.shm;

import org.porthole.spi.TransportProvider;
import org.porthole.testkit.ModuleContract;

class ModuleTest extends ModuleContract {
    @Override
    protected Class<? extends TransportProvider> provider() {
        return ShmTransportProvider.class;
    }

    @Override
    protected String transport() {
        return ShmTransportProvider.NAME;
    }

    @Override
    protected String[] requires() {
        return new String[] {"org.agrona"};
    }
}
