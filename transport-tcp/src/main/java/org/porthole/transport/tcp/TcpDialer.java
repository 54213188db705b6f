package org.porthole.transport.tcp;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// Connects to ranks, and proves to them who this one is.
///
/// **Threads.** Any.
final class TcpDialer {
    private static final long LOOK_NS = 20_000;

    private final TcpPlatform platform;
    private final TcpTls tls;
    private final TcpHandshake handshake;
    private final TcpAddress own;
    private final int rank;

    /// @param tls null if nothing is encrypted
    /// @param own this rank's address
    TcpDialer(TcpPlatform platform, TcpTls tls, TcpHandshake handshake, TcpAddress own, int rank) {
        this.platform = platform;
        this.tls = tls;
        this.handshake = handshake;
        this.own = own;
        this.rank = rank;
    }

    /// A connection on which both sides have proved to be members.
    ///
    /// @param first the request to begin with
    record Met(TcpSocket socket, long first) {}

    /// Where to look for a rank. Loopback means another host there.
    List<InetAddress> candidates(TcpAddress peer) {
        return peer.addresses().stream()
                .filter(each -> peer.host() == own.host() || !each.isLoopbackAddress())
                .toList();
    }

    /// Puts encryption over a socket, if there is to be any.
    TcpSocket secured(TcpSocket socket, boolean isOrigin) throws IOException {
        return tls == null ? socket : tls.over(socket, isOrigin);
    }

    /// Connects to one address, and proves to be a member.
    ///
    /// @param first what [TcpOrigin#firstAwaited()] says, 1, or 0
    Met connect(InetSocketAddress at, TcpAddress peer, long first, long deadlineNs) throws IOException {
        TcpSocket socket = platform.connect(at, deadlineNs);
        try {
            socket = secured(socket, true);
            return new Met(socket, introduce(socket, peer.nonce(), first, deadlineNs));
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /// Proves to be a member, and has it proved, blocking.
    ///
    /// @return the request to begin with
    private long introduce(TcpSocket socket, byte[] peerNonce, long first, long deadlineNs) throws IOException {
        byte[] greeting = receive(socket, TcpHandshake.GREETING, deadlineNs);
        requireRight(TcpHandshake.wrong(greeting));
        byte[] nonce = TcpHandshake.bound(peerNonce, socket.binding());
        byte[] hello = handshake.hello(greeting, nonce, rank, first);
        MemorySegment out = Arena.ofAuto().allocate(hello.length);
        out.copyFrom(MemorySegment.ofArray(hello));
        if (socket.send(out, 0, hello.length) < hello.length) {
            throw new IOException("the first bytes of the connection were not taken");
        }
        byte[] welcome = receive(socket, TcpHandshake.WELCOME, deadlineNs);
        requireRight(handshake.wrong(welcome, nonce, greeting, hello));
        return TcpHandshake.beginningOf(welcome);
    }

    private static void requireRight(String wrong) throws IOException {
        if (!wrong.isEmpty()) {
            throw new TcpProtocolException(wrong);
        }
    }

    private static byte[] receive(TcpSocket socket, int length, long deadlineNs) throws IOException {
        MemorySegment in = Arena.ofAuto().allocate(length);
        long begin = System.nanoTime();
        for (int received = 0; received < length; ) {
            int count = socket.receive(in, received, length - received);
            if (count < 0) {
                throw new EOFException("it closed the connection during the handshake");
            }
            received += count;
            if (count == 0) {
                if (System.nanoTime() - begin > deadlineNs
                        || Thread.currentThread().isInterrupted()) {
                    throw new IOException("it did not answer the handshake in time");
                }
                LockSupport.parkNanos(LOOK_NS);
            }
        }
        return in.toArray(ValueLayout.JAVA_BYTE);
    }
}
