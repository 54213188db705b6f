package org.porthole.internal.bootstrap;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import org.porthole.JoinException;

/// A connection to a PMI-1 server that listens.
final class PmiSocket implements PmiLine {
    private final Socket socket = new Socket();
    private final Deadline deadline;

    PmiSocket(InetSocketAddress server, Deadline deadline) {
        this.deadline = deadline;
        try {
            socket.connect(server, deadline.leftMs());
            socket.setTcpNoDelay(true);
        } catch (IOException e) {
            throw new JoinException(
                    "the launcher does not answer at PMI_PORT=" + RendezvousWire.text(server) + ": " + e.getMessage(),
                    e);
        }
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    @Override
    public int read(byte[] bytes) throws IOException {
        socket.setSoTimeout(deadline.leftMs());
        return socket.getInputStream().read(bytes);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
