import org.porthole.spi.TransportProvider;
import org.porthole.transport.tcp.TcpTransportProvider;

/// TCP between processes of any hosts.
module org.porthole.transport.tcp {
    requires io.netty.common;
    requires io.netty.transport;
    requires io.netty.transport.classes.epoll;
    requires io.netty.transport.unix.common;
    requires jdk.net;
    requires org.agrona;
    requires org.porthole.core;

    provides TransportProvider with
            TcpTransportProvider;
}
