package org.porthole.transport.rdma;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Agrees with a peer on a pair of queue pairs, over TCP, blocking.
///
/// **Threads.** Any.
final class RdmaDialer {
    private final RdmaDevice device;
    private final RdmaHandshake handshake;
    private final int rank;

    /// A connected queue pair.
    ///
    /// @param carriedOut how many requests of the connection the target has carried out
    record Agreed(RdmaQueue queue, SocketChannel socket, long carriedOut) {
        void abandon() {
            queue.close();
            close(socket);
        }

        /// Lets the peer know that this is no failure.
        void leave() {
            try {
                socket.write(ByteBuffer.wrap(new byte[] {RdmaWire.BYE}));
            } catch (IOException e) {
                System.getLogger(RdmaDialer.class.getName()).log(System.Logger.Level.DEBUG, "a peer was gone first", e);
            }
            abandon();
        }
    }

    RdmaDialer(RdmaDevice device, RdmaHandshake handshake, int rank) {
        this.device = device;
        this.handshake = handshake;
        this.rank = rank;
    }

    /// Agrees at the first of the peer's addresses where it is found.
    ///
    /// @param answers   how many answers of the connection have come; [RdmaHandshake#NEW] if it is none yet
    /// @param connectNs how long to wait for a connection to each address
    /// @param answerNs  how long to wait for what the peer says on it: who goes before that looks like one who has failed
    /// @throws ConnectException if nothing listens at any of the addresses: the peer has ended
    /// @throws IOException      if it is found at none
    Agreed agree(RdmaBuffer buffer, RdmaAddress peer, long session, long answers, long connectNs, long answerNs)
            throws IOException {
        List<String> refusals = new ArrayList<>();
        boolean hasEnded = true;
        for (InetAddress each : peer.addresses()) {
            InetSocketAddress at = new InetSocketAddress(each, peer.port());
            try {
                return agree(buffer, at, peer.nonce(), session, answers, connectNs, answerNs);
            } catch (IOException e) {
                refusals.add(at + ": " + e.getMessage());
                hasEnded &= e instanceof ConnectException
                        && String.valueOf(e.getMessage()).contains("refused");
            }
        }
        String all = String.join("; ", refusals);
        throw hasEnded ? new ConnectException(all) : new IOException(all);
    }

    private Agreed agree(
            RdmaBuffer buffer,
            InetSocketAddress at,
            byte[] nonce,
            long session,
            long answers,
            long connectNs,
            long answerNs)
            throws IOException {
        RdmaQueue queue = null;
        SocketChannel socket = SocketChannel.open();
        try {
            socket.socket().connect(at, (int) TimeUnit.NANOSECONDS.toMillis(connectNs));
            socket.socket().setSoTimeout((int) TimeUnit.NANOSECONDS.toMillis(answerNs));
            queue = new RdmaQueue(
                    device, buffer, RdmaOrigin.SENDS, RdmaWire.CREDITS, RdmaOrigin.ANSWERS_AT, RdmaWire.SLOT);
            byte[] welcome = introduce(socket, nonce, queue.path(), session, answers);
            queue.connect(RdmaHandshake.welcomed(welcome));
            return new Agreed(queue, socket, RdmaHandshake.carriedOut(welcome));
        } catch (IOException e) {
            if (queue != null) {
                queue.close();
            }
            close(socket);
            throw e;
        }
    }

    /// Proves to be a member, and has it proved.
    private byte[] introduce(SocketChannel socket, byte[] nonce, RdmaPath path, long session, long answers)
            throws IOException {
        byte[] greeting = receive(socket, RdmaHandshake.GREETING);
        requireRight(RdmaHandshake.wrong(greeting));
        byte[] hello = handshake.hello(greeting, nonce, rank, path, session, answers);
        socket.socket().getOutputStream().write(hello);
        byte[] welcome = receive(socket, RdmaHandshake.WELCOME);
        requireRight(handshake.wrong(welcome, nonce, greeting, hello));
        return welcome;
    }

    private static void requireRight(String wrong) throws IOException {
        if (!wrong.isEmpty()) {
            throw new IOException(wrong);
        }
    }

    private static byte[] receive(SocketChannel socket, int length) throws IOException {
        byte[] bytes = socket.socket().getInputStream().readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("it closed the connection during the handshake");
        }
        return bytes;
    }

    private static void close(SocketChannel socket) {
        try {
            socket.close();
        } catch (IOException e) {
            System.getLogger(RdmaDialer.class.getName()).log(System.Logger.Level.DEBUG, "a socket was not closed", e);
        }
    }
}
