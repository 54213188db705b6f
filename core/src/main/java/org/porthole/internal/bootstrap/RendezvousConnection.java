package org.porthole.internal.bootstrap;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.MessageDigest;
import org.porthole.JoinException;

/// A rank's connection to the rendezvous, on which both sides have proved the job's secret.
///
/// **Threads.** One.
final class RendezvousConnection implements AutoCloseable {
    private final InetSocketAddress address;
    private final Socket socket;
    final DataInputStream in;
    final DataOutputStream out;

    private RendezvousConnection(InetSocketAddress address, Socket socket) throws IOException {
        this.address = address;
        this.socket = socket;
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
    }

    /// Connects and greets.
    ///
    /// @param timeoutMs how long each step may take
    /// @throws IOException   if nobody answers
    /// @throws JoinException if who answers is not this job's rendezvous, or refuses
    static RendezvousConnection open(
            InetSocketAddress address, RendezvousWire.Purpose purpose, int rank, int size, byte[] secret, int timeoutMs)
            throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(new InetSocketAddress(address.getHostString(), address.getPort()), timeoutMs);
            socket.setSoTimeout(timeoutMs);
            RendezvousConnection connection = new RendezvousConnection(address, socket);
            connection.greet(purpose, rank, size, secret);
            return connection;
        } catch (IOException | JoinException e) {
            socket.close();
            throw e;
        }
    }

    private void greet(RendezvousWire.Purpose purpose, int rank, int size, byte[] secret) throws IOException {
        if (in.readInt() != RendezvousWire.MAGIC) {
            throw new JoinException("rank " + rank + ": what listens at " + RendezvousWire.text(address)
                    + " is not a rendezvous of this version");
        }
        byte[] theirs = in.readNBytes(RendezvousWire.CHALLENGE_BYTES);
        byte[] challenge = RendezvousWire.challenge();
        out.writeInt(purpose.magic);
        out.writeInt(rank);
        out.writeInt(size);
        out.write(challenge);
        out.write(RendezvousWire.proof(secret, purpose.letter, theirs, rank, size));
        out.flush();
        requireOk();
        byte[] proof = in.readNBytes(RendezvousWire.PROOF_BYTES);
        if (!MessageDigest.isEqual(proof, RendezvousWire.proof(secret, RendezvousWire.SERVER, challenge, rank, size))) {
            throw new JoinException("rank " + rank + ": the rendezvous at " + RendezvousWire.text(address)
                    + " does not know the job's secret");
        }
    }

    /// Reads the server's verdict.
    ///
    /// @throws JoinException if it is a refusal
    void requireOk() throws IOException {
        if (in.readByte() != RendezvousWire.OK) {
            throw new JoinException("cannot join the job at " + RendezvousWire.text(address) + ": " + in.readUTF());
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
