package org.porthole.transport.tcp;

import java.io.IOException;

/// A socket that accepts connections, without blocking.
interface TcpListener {
    /// The next connection.
    ///
    /// @return a socket; null if there is none
    TcpSocket accept() throws IOException;

    int port();

    void close();
}
