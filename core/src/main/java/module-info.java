import org.porthole.internal.local.InProcessTransportProvider;
import org.porthole.spi.TransportProvider;

/// The runtime: jobs, teams, windows, ports, and what a transport implements.
module org.porthole.core {
    exports org.porthole;
    exports org.porthole.config;
    exports org.porthole.port;
    exports org.porthole.spi;

    uses TransportProvider;

    provides TransportProvider with
            InProcessTransportProvider;
}
