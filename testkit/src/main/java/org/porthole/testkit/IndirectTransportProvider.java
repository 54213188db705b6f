package org.porthole.testkit;

import org.porthole.config.OptionTable;
import org.porthole.spi.Availability;
import org.porthole.spi.Scope;
import org.porthole.spi.Transport;
import org.porthole.spi.TransportContext;
import org.porthole.spi.TransportProvider;

/// Ranks that are threads of one process, but reach each other only through their endpoints, as over a network: no peer's memory is mapped, and
/// operations wait for a flush. It makes the contracts test what the runtime does for such transports, and shows how one is written.
///
/// It must be asked for by name; `porthole.transports=auto` passes it over.
public final class IndirectTransportProvider implements TransportProvider {
    /// What `porthole.transports` calls it.
    public static final String NAME = "indirect";

    /// For the service loader.
    public IndirectTransportProvider() {}

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
        return IndirectOptions.TABLE;
    }

    @Override
    public Transport open(TransportContext context) {
        return new IndirectTransport(context);
    }
}
