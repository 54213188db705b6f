package org.porthole.internal.local;

import org.porthole.config.OptionTable;
import org.porthole.spi.Availability;
import org.porthole.spi.Scope;
import org.porthole.spi.Transport;
import org.porthole.spi.TransportContext;
import org.porthole.spi.TransportProvider;

/// Ranks that are threads of one process. Works wherever the JDK does, and is the shortest complete transport to read.
public final class InProcessTransportProvider implements TransportProvider {
    /// What `porthole.transports` calls it.
    public static final String NAME = "inproc";

    /// For the service loader.
    public InProcessTransportProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Scope scope() {
        return Scope.PROCESS;
    }

    @Override
    public Availability availability() {
        return new Availability.Available();
    }

    @Override
    public OptionTable options() {
        return OptionTable.of("In-process transport");
    }

    @Override
    public Transport open(TransportContext context) {
        return new InProcessTransport();
    }
}
