package org.porthole.transport.tcp;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.LinuxSocket;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.porthole.TransportException;

/// Sockets of Linux, by Netty's native calls.
final class EpollPlatform implements TcpPlatform {
    private static final int BACKLOG = 1024;
    private static final long LOOK_NS = 50_000;
    private static final int ACCEPTED_ADDRESS_BYTES = 64;

    /// Where packets never leave the host nothing can be congested: what paces them there, as BBR does, halves the bandwidth. Every Linux has it and
    /// allows it.
    private static final String UNPACED = "reno";

    private final long heartbeatNs;
    private final String congestion;

    /// @param congestion the congestion control to use; or `auto`
    /// @throws TransportException if there is no such thing here
    EpollPlatform(long heartbeatNs, String congestion) {
        this.heartbeatNs = heartbeatNs;
        this.congestion = congestion;
        if (!isAutomatic()) {
            requireCongestion();
        }
    }

    private boolean isAutomatic() {
        return congestion.equals("auto");
    }

    private void requireCongestion() {
        Socket probe = open(null);
        try {
            EpollSocket.setCongestion(probe, congestion);
        } catch (IOException e) {
            throw new TransportException(
                    "tcp: " + TcpOptions.CONGESTION.key() + ": \"" + congestion + "\" cannot be used here ("
                            + e.getMessage()
                            + "); /proc/sys/net/ipv4/tcp_allowed_congestion_control has what can, or what it says as root",
                    e);
        } finally {
            EpollSocket.close(probe);
        }
    }

    private EpollSocket connected(Socket socket) throws IOException {
        return new EpollSocket(socket, heartbeatNs, !isAutomatic() ? congestion : staysOnHost(socket) ? UNPACED : "");
    }

    private static boolean staysOnHost(Socket socket) {
        InetSocketAddress here = socket.localAddress();
        InetSocketAddress there = socket.remoteAddress();
        return here != null && there != null && here.getAddress().equals(there.getAddress());
    }

    /// Why it cannot be used; null if it can.
    static Throwable unavailability() {
        return Epoll.unavailabilityCause();
    }

    private static Socket open(InetAddress address) {
        if (address == null) {
            return LinuxSocket.newSocketStream();
        }
        return LinuxSocket.newSocketStream(
                address instanceof Inet6Address ? SocketProtocolFamily.INET6 : SocketProtocolFamily.INET);
    }

    @Override
    public TcpListener listen(InetAddress address, int port) throws IOException {
        Socket socket = open(address);
        try {
            socket.setReuseAddress(true);
            socket.bind(address == null ? new InetSocketAddress(port) : new InetSocketAddress(address, port));
            socket.listen(BACKLOG);
            return new EpollListener(socket, socket.localAddress().getPort());
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public TcpSocket connect(InetSocketAddress address, long deadlineNs) throws IOException {
        Socket socket = open(address.getAddress());
        try {
            long begin = System.nanoTime();
            boolean connected = socket.connect(address);
            while (!connected) {
                if (System.nanoTime() - begin > deadlineNs
                        || Thread.currentThread().isInterrupted()) {
                    throw new SocketTimeoutException(
                            "no answer within " + TimeUnit.NANOSECONDS.toMillis(deadlineNs) + " ms");
                }
                LockSupport.parkNanos(LOOK_NS);
                connected = socket.finishConnect();
            }
            return connected(socket);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    @Override
    public TcpPoller poller() {
        return new EpollPoller();
    }

    /// A listening socket.
    final class EpollListener implements TcpListener {
        private final Socket socket;
        private final int port;
        private final byte[] address = new byte[ACCEPTED_ADDRESS_BYTES];

        EpollListener(Socket socket, int port) {
            this.socket = socket;
            this.port = port;
        }

        Socket socket() {
            return socket;
        }

        @Override
        public TcpSocket accept() throws IOException {
            int descriptor = socket.accept(address);
            return descriptor < 0 ? null : connected(new Socket(descriptor));
        }

        @Override
        public int port() {
            return port;
        }

        @Override
        public void close() {
            EpollSocket.close(socket);
        }
    }
}
