package org.porthole.transport.tcp;

import org.porthole.config.OptionTable;
import org.porthole.spi.Availability;
import org.porthole.spi.Scope;
import org.porthole.spi.Transport;
import org.porthole.spi.TransportContext;
import org.porthole.spi.TransportProvider;

/// Processes of any hosts, by TCP.
public final class TcpTransportProvider implements TransportProvider {
    /// What `porthole.transports` calls it.
    public static final String NAME = "tcp";

    /// For the service loader.
    public TcpTransportProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Scope scope() {
        return Scope.NETWORK;
    }

    @Override
    public Availability availability() {
        return new Availability.Available();
    }

    @Override
    public OptionTable options() {
        return TcpOptions.TABLE;
    }

    @Override
    public Transport open(TransportContext context) {
        return new TcpTransport(context);
    }
}
