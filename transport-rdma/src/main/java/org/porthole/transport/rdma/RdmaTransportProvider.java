package org.porthole.transport.rdma;

import java.nio.file.Path;
import java.util.List;
import org.porthole.config.Configuration;
import org.porthole.config.OptionTable;
import org.porthole.spi.Availability;
import org.porthole.spi.Finding;
import org.porthole.spi.Scope;
import org.porthole.spi.Transport;
import org.porthole.spi.TransportContext;
import org.porthole.spi.TransportProvider;

/// Processes of hosts on one fabric, by RDMA.
public final class RdmaTransportProvider implements TransportProvider {
    /// What `porthole.transports` calls it.
    public static final String NAME = "rdma";

    /// For the service loader.
    public RdmaTransportProvider() {}

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Scope scope() {
        return Scope.FABRIC;
    }

    @Override
    public Availability availability() {
        return RdmaPorts.availability();
    }

    @Override
    public List<Finding> findings(Configuration configuration) {
        return new RdmaChecks(configuration, Path.of("/")).run();
    }

    @Override
    public OptionTable options() {
        return RdmaOptions.TABLE;
    }

    @Override
    public Transport open(TransportContext context) {
        return new RdmaTransport(context);
    }
}
