package org.porthole.transport.tcp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// The JDK's channels: work everywhere.
final class NioPlatform implements TcpPlatform {
    private static final int BACKLOG = 1024;
    private static final long LOOK_NS = 50_000;

    private final long heartbeatNs;

    NioPlatform(long heartbeatNs) {
        this.heartbeatNs = heartbeatNs;
    }

    @Override
    public TcpListener listen(InetAddress address, int port) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(address == null ? new InetSocketAddress(port) : new InetSocketAddress(address, port), BACKLOG);
            channel.configureBlocking(false);
            return new NioListener(channel, ((InetSocketAddress) channel.getLocalAddress()).getPort());
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public TcpSocket connect(InetSocketAddress address, long deadlineNs) throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.configureBlocking(false);
            long begin = System.nanoTime();
            boolean connected = channel.connect(address);
            while (!connected) {
                if (System.nanoTime() - begin > deadlineNs
                        || Thread.currentThread().isInterrupted()) {
                    throw new SocketTimeoutException(
                            "no answer within " + TimeUnit.NANOSECONDS.toMillis(deadlineNs) + " ms");
                }
                LockSupport.parkNanos(LOOK_NS);
                connected = channel.finishConnect();
            }
            return new NioSocket(channel, heartbeatNs);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    @Override
    public TcpPoller poller() throws IOException {
        return new NioPoller();
    }

    /// A listening socket.
    final class NioListener implements TcpListener {
        private final ServerSocketChannel channel;
        private final int port;

        NioListener(ServerSocketChannel channel, int port) {
            this.channel = channel;
            this.port = port;
        }

        ServerSocketChannel channel() {
            return channel;
        }

        @Override
        public TcpSocket accept() throws IOException {
            SocketChannel accepted = channel.accept();
            if (accepted == null) {
                return null;
            }
            accepted.configureBlocking(false);
            return new NioSocket(accepted, heartbeatNs);
        }

        @Override
        public int port() {
            return port;
        }

        @Override
        public void close() {
            NioSocket.close(channel);
        }
    }
}
