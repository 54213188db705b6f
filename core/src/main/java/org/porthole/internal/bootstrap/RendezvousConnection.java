package org.porthole.internal.bootstrap;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.MessageDigest;
import org.porthole.JoinException;
import org.porthole.config.CoreOptions;

/// A rank's connection to the rendezvous, on which both sides have proved the job's secret.
///
/// **Threads.** One reads, one writes.
final class RendezvousConnection implements AutoCloseable {
    private final InetSocketAddress address;
    private final Socket socket;
    final DataInputStream in;
    final DataOutputStream out;

    /// What listens is not the job's rendezvous: it may be elsewhere, or come later.
    static final class StrangerException extends IOException {
        private static final long serialVersionUID = 1;

        StrangerException(String message) {
            super(message);
        }
    }

    private RendezvousConnection(InetSocketAddress address, Socket socket) throws IOException {
        this.address = address;
        this.socket = socket;
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 64 << 10));
        out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
    }

    /// Connects and greets.
    ///
    /// @param instance  16 bytes that tell this rank from another process that says it is the same, and are the same when it connects again
    /// @param answerMs  how long it may take until something answers that looks like a rendezvous
    /// @param timeoutMs how long each step may take from then on: who has greeted must not give up, or the server would take it for dead
    /// @throws IOException       if nobody answers
    /// @throws StrangerException if who answers is not this job's rendezvous
    /// @throws JoinException     if it is, and refuses
    static RendezvousConnection open(
            InetSocketAddress address,
            RendezvousWire.Purpose purpose,
            int rank,
            int size,
            byte[] secret,
            byte[] instance,
            int answerMs,
            int timeoutMs)
            throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(true);
            socket.connect(address, answerMs);
            socket.setSoTimeout(answerMs);
            RendezvousConnection connection = new RendezvousConnection(address, socket);
            connection.awaitServer(rank);
            socket.setSoTimeout(timeoutMs);
            connection.greet(purpose, rank, size, secret, instance);
            return connection;
        } catch (IOException | JoinException e) {
            socket.close();
            throw e;
        }
    }

    private void awaitServer(int rank) throws IOException {
        if (in.readInt() != RendezvousWire.MAGIC) {
            throw new StrangerException("rank " + rank + ": what listens at " + RendezvousWire.text(address)
                    + " is not a rendezvous of this version");
        }
    }

    private void greet(RendezvousWire.Purpose purpose, int rank, int size, byte[] secret, byte[] instance)
            throws IOException {
        String who = "rank " + rank + ": ";
        byte[] theirs = readNBytes(RendezvousWire.CHALLENGE_BYTES);
        byte[] challenge = RendezvousWire.challenge();
        out.writeInt(purpose.magic);
        out.writeInt(rank);
        out.writeInt(size);
        out.write(instance);
        out.write(challenge);
        out.write(RendezvousWire.proof(secret, purpose.letter, theirs, rank, size));
        out.flush();
        byte verdict = in.readByte();
        if (verdict == RendezvousWire.STRANGER) {
            throw new StrangerException(who + "cannot join the job at " + RendezvousWire.text(address)
                    + ": the secret is not that job's (" + CoreOptions.SECRET.environmentName() + ")");
        }
        byte[] proof = readNBytes(RendezvousWire.PROOF_BYTES);
        if (!MessageDigest.isEqual(proof, RendezvousWire.proof(secret, RendezvousWire.SERVER, challenge, rank, size))) {
            throw new StrangerException(
                    who + "the rendezvous at " + RendezvousWire.text(address) + " does not know the job's secret");
        }
        requireOk(verdict);
    }

    private byte[] readNBytes(int count) throws IOException {
        byte[] bytes = new byte[count];
        in.readFully(bytes);
        return bytes;
    }

    /// Reads the server's verdict on a round.
    ///
    /// @throws JoinException if it is a refusal
    void requireOk() throws IOException {
        requireOk(in.readByte());
    }

    private void requireOk(byte verdict) throws IOException {
        if (verdict != RendezvousWire.OK) {
            throw new JoinException(
                    "cannot join the job at " + RendezvousWire.text(address) + ": " + RendezvousWire.readText(in));
        }
    }

    /// How long reading may take from now on.
    ///
    /// @param timeoutMs 0 for ever
    void timeout(int timeoutMs) throws IOException {
        socket.setSoTimeout(timeoutMs);
    }

    /// Closes it under whoever reads, who gets an exception.
    void cut() {
        try {
            socket.close();
        } catch (IOException e) {
            System.getLogger(RendezvousConnection.class.getName())
                    .log(System.Logger.Level.DEBUG, "while closing a connection to the rendezvous", e);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
