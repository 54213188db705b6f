import org.porthole.spi.TransportProvider;
import org.porthole.transport.rdma.RdmaTransportProvider;

/// RDMA between processes of hosts on one fabric.
module org.porthole.transport.rdma {
    requires disni;
    requires org.agrona;
    requires org.porthole.core;

    provides TransportProvider with
            RdmaTransportProvider;
}
