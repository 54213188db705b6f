package org.porthole.transport.tcp;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Hands connections on to a port of this host, and cuts each after some bytes of either direction: mostly by a reset, sometimes by an end that looks
/// as if one side had closed.
final class CuttingRelay implements AutoCloseable {
    private static final InetAddress HERE = InetAddress.ofLiteral("127.0.0.1");

    private final ServerSocket listener = new ServerSocket(0, 10, HERE);
    private final Random random;
    private final int to;
    private final int most;
    private final AtomicInteger cuts = new AtomicInteger();
    private volatile boolean cutting = true;
    private volatile boolean deaf;
    private volatile Runnable cutNow = () -> {};

    /// @param most after how many bytes at most a connection is cut
    CuttingRelay(int to, int most, long seed) throws IOException {
        this.to = to;
        this.most = most;
        random = new Random(seed);
        Thread.ofPlatform().daemon().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    int cuts() {
        return cuts.get();
    }

    /// From now on connections last.
    void cutNoMore() {
        cutting = false;
    }

    /// Cuts what there is; who connects from now on hears nothing.
    void falloff() {
        deaf = true;
        cutNow.run();
    }

    private void accept() {
        try {
            while (!listener.isClosed()) {
                Socket origin = listener.accept();
                if (deaf) {
                    continue;
                }
                Socket target = new Socket(HERE, to);
                origin.setTcpNoDelay(true);
                target.setTcpNoDelay(true);
                cutNow = () -> cut(origin, target, true);
                AtomicLong left = new AtomicLong(1 + random.nextInt(most));
                boolean reset = random.nextInt(4) != 0;
                Thread.ofPlatform().daemon().start(() -> copy(origin, target, left, reset));
                Thread.ofPlatform().daemon().start(() -> copy(target, origin, left, reset));
            }
        } catch (IOException e) {
            System.getLogger(CuttingRelay.class.getName()).log(System.Logger.Level.DEBUG, "the relay has ended", e);
        }
    }

    private void copy(Socket from, Socket to, AtomicLong left, boolean reset) {
        byte[] bytes = new byte[1 << 16];
        try {
            InputStream in = from.getInputStream();
            for (int count = in.read(bytes); count > 0; count = in.read(bytes)) {
                long before = cutting ? left.getAndAdd(-count) : Long.MAX_VALUE;
                to.getOutputStream().write(bytes, 0, Math.clamp(before, 0, count));
                if (before <= count) {
                    cuts.incrementAndGet();
                    cut(from, to, reset);
                    return;
                }
            }
            cut(from, to, false);
        } catch (IOException e) {
            cut(from, to, false);
        }
    }

    private static void cut(Socket one, Socket other, boolean reset) {
        try (one;
                other) {
            one.setSoLinger(reset, 0);
            other.setSoLinger(reset, 0);
        } catch (IOException e) {
            System.getLogger(CuttingRelay.class.getName()).log(System.Logger.Level.DEBUG, "it was cut before", e);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cutNow.run();
    }
}
