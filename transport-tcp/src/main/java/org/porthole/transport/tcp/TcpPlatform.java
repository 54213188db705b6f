package org.porthole.transport.tcp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// Sockets of one kind.
interface TcpPlatform {
    /// Listens.
    ///
    /// @param address where; null for every address of this host
    /// @param port    where; 0 for any
    TcpListener listen(InetAddress address, int port) throws IOException;

    /// Connects, blocking up to a deadline.
    TcpSocket connect(InetSocketAddress address, long deadlineNs) throws IOException;

    TcpPoller poller() throws IOException;
}
