import org.porthole.spi.TransportProvider;
import org.porthole.transport.shm.ShmTransportProvider;

/// Shared memory between processes of one Linux host.
module org.porthole.transport.shm {
    requires org.porthole.core;
    requires org.agrona;

    provides TransportProvider with
            ShmTransportProvider;
}
