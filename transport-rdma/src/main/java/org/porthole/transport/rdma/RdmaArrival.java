package org.porthole.transport.rdma;

import java.io.EOFException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.porthole.transport.rdma.RdmaHandshake.Verdict;

/// A connection of somebody who has not yet proved to be a member.
///
/// **Threads.** The control agent's.
final class RdmaArrival {
    private static final System.Logger LOG = System.getLogger(RdmaArrival.class.getName());

    private final RdmaTransport transport;
    private final SocketChannel socket;
    private final long begunNs = System.nanoTime();
    private final ByteBuffer hello = ByteBuffer.allocate(RdmaHandshake.HELLO);
    private final byte[] greeting;
    private boolean decided;

    RdmaArrival(RdmaTransport transport, SocketChannel socket) throws IOException {
        this.transport = transport;
        this.socket = socket;
        greeting = transport.handshake().greeting();
        send(greeting);
    }

    /// An empty socket takes a few bytes at once.
    private void send(byte[] bytes) throws IOException {
        if (socket.write(ByteBuffer.wrap(bytes)) < bytes.length) {
            throw new IOException("the first bytes of a connection were not taken");
        }
    }

    boolean isDecided() {
        return decided;
    }

    /// Whether it took too long, and has been closed.
    boolean isLate(long nowNs, long deadlineNs) {
        if (nowNs - begunNs > deadlineNs) {
            refuse("did not prove to be a member in time");
            return true;
        }
        return false;
    }

    /// Receives what is there; decides when it is all there.
    ///
    /// @return the connection, if it is admitted
    RdmaConnection hear() {
        try {
            if (socket.read(hello) < 0) {
                throw new EOFException("it went away");
            }
            return hello.hasRemaining() ? null : decide(hello.array());
        } catch (IOException e) {
            refuse("did not get to the end of the handshake: " + e.getMessage());
            return null;
        }
    }

    private RdmaConnection decide(byte[] words) throws IOException {
        decided = true;
        byte[] nonce = transport.nonce();
        Verdict verdict = transport.handshake().judge(greeting, nonce, words);
        if (verdict != Verdict.ADMITTED) {
            send(transport.handshake().welcome(verdict, null, 0, nonce, greeting, words));
            refuse(verdict.words);
            return null;
        }
        int peer = RdmaHandshake.rankOf(words);
        long session = RdmaHandshake.sessionOf(words);
        long answers = RdmaHandshake.answersOf(words);
        RdmaTarget target = answers == RdmaHandshake.NEW
                ? transport.admit(socket, peer, session, RdmaHandshake.pathOf(words))
                : transport.renew(socket, peer, session, RdmaHandshake.pathOf(words));
        if (target == null || !target.remembers(answers)) {
            send(transport.handshake().welcome(Verdict.NOTHING_CUT, null, 0, nonce, greeting, words));
            refuse(Verdict.NOTHING_CUT.words);
            return null;
        }
        RdmaPath path = target.queue().path();
        send(transport.handshake().welcome(verdict, path, target.carriedOut(), nonce, greeting, words));
        target.answerAgain(answers);
        transport.wakeAgent();
        return target;
    }

    private void refuse(String why) {
        decided = true;
        LOG.log(Level.WARNING, "rdma: rank {0} refused a connection, which {1}", transport.rank(), why);
        close();
    }

    void close() {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "a socket was not closed", e);
        }
    }
}
