package org.porthole.transport.tcp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;

/// Hands connections on to a port of this host, each direction through a gate: while it is shut nothing is read, and the sender's system has to keep
/// what it takes.
final class GatedRelay implements AutoCloseable {
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");

    /// One direction.
    static final class Gate {
        private boolean shut;
        private final AtomicLong passed = new AtomicLong();

        synchronized void set(boolean toShut) {
            shut = toShut;
            notifyAll();
        }

        private synchronized void pass() throws InterruptedException {
            while (shut) {
                wait();
            }
        }

        /// How many bytes went through.
        long passed() {
            return passed.get();
        }

        private void copy(Socket from, Socket to) {
            try (from;
                    to;
                    InputStream in = from.getInputStream();
                    OutputStream out = to.getOutputStream()) {
                byte[] bytes = new byte[1 << 16];
                pass();
                for (int count = in.read(bytes); count > 0; count = in.read(bytes)) {
                    passed.addAndGet(count);
                    out.write(bytes, 0, count);
                    pass();
                }
            } catch (IOException e) {
                System.getLogger(GatedRelay.class.getName()).log(System.Logger.Level.DEBUG, "the other way ended", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    final Gate toTarget = new Gate();
    final Gate toOrigin = new Gate();
    private final ServerSocket listener = new ServerSocket(0, 10, HERE);
    private final int to;

    GatedRelay(int to) throws IOException {
        this.to = to;
        Thread.ofPlatform().daemon().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        try {
            while (!listener.isClosed()) {
                Socket origin = listener.accept();
                Socket target = new Socket(HERE, to);
                Thread.ofPlatform().daemon().start(() -> toTarget.copy(origin, target));
                Thread.ofPlatform().daemon().start(() -> toOrigin.copy(target, origin));
            }
        } catch (IOException e) {
            System.getLogger(GatedRelay.class.getName()).log(System.Logger.Level.DEBUG, "the relay has ended", e);
        }
    }

    @Override
    public void close() throws IOException {
        toTarget.set(false);
        toOrigin.set(false);
        listener.close();
    }
}
