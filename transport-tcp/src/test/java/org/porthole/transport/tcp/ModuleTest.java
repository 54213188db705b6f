package org.porthole.transport.tcp;

import org.porthole.spi.TransportProvider;
import org.porthole.testkit.ModuleContract;

class ModuleTest extends ModuleContract {
    @Override
    protected Class<? extends TransportProvider> provider() {
        return TcpTransportProvider.class;
    }

    @Override
    protected String transport() {
        return TcpTransportProvider.NAME;
    }

    @Override
    protected String[] requires() {
        return new String[] {
            "jdk.net",
            "org.agrona",
            "io.netty.common",
            "io.netty.transport",
            "io.netty.transport.classes.epoll",
            "io.netty.transport.unix.common"
        };
    }
}
