package org.porthole.transport.tcp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// Hands connections on to a port of this host, and keeps what is said.
final class Relay implements AutoCloseable {
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");

    private final ServerSocket listener = new ServerSocket(0, 10, HERE);
    private final ByteArrayOutputStream seen = new ByteArrayOutputStream();
    private final int to;

    Relay(int to) throws IOException {
        this.to = to;
        Thread.ofPlatform().daemon().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /// All that has been said in both directions, a character for each byte.
    String seen() {
        synchronized (seen) {
            return seen.toString(StandardCharsets.ISO_8859_1);
        }
    }

    private void accept() {
        try {
            while (!listener.isClosed()) {
                Socket origin = listener.accept();
                Socket target = new Socket(HERE, to);
                Thread.ofPlatform().daemon().start(() -> copy(origin, target));
                Thread.ofPlatform().daemon().start(() -> copy(target, origin));
            }
        } catch (IOException e) {
            System.getLogger(Relay.class.getName()).log(System.Logger.Level.DEBUG, "the relay has ended", e);
        }
    }

    private void copy(Socket from, Socket to) {
        try (from;
                to) {
            byte[] bytes = new byte[4096];
            for (int count = from.getInputStream().read(bytes);
                    count > 0;
                    count = from.getInputStream().read(bytes)) {
                synchronized (seen) {
                    seen.write(bytes, 0, count);
                }
                to.getOutputStream().write(bytes, 0, count);
            }
        } catch (IOException e) {
            System.getLogger(Relay.class.getName()).log(System.Logger.Level.DEBUG, "the other way has ended", e);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
