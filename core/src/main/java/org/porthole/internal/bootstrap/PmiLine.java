package org.porthole.internal.bootstrap;

import java.io.IOException;

/// The line to a PMI-1 server.
interface PmiLine extends AutoCloseable {
    /// Sends all bytes.
    ///
    /// @throws IOException if the server has gone
    void write(byte[] bytes) throws IOException;

    /// Waits for bytes until the deadline.
    ///
    /// @return how many came; -1 at the end
    /// @throws java.net.SocketTimeoutException if none came in time
    /// @throws IOException                     if the server has gone
    int read(byte[] bytes) throws IOException;

    @Override
    void close() throws IOException;
}
