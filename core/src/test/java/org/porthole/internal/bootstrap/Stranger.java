package org.porthole.internal.bootstrap;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;

/// A connection to a rendezvous that says what a test wants, byte by byte.
final class Stranger implements AutoCloseable {
    private final byte[] instance;
    private final Socket socket;
    final DataInputStream in;
    final DataOutputStream out;

    Stranger(InetSocketAddress address) throws IOException {
        this(address, RendezvousWire.challenge());
    }

    /// Says that it is a certain process.
    Stranger(InetSocketAddress address, byte[] instance) throws IOException {
        this.instance = instance.clone();
        socket = new Socket(address.getAddress(), address.getPort());
        in = new DataInputStream(socket.getInputStream());
        out = new DataOutputStream(socket.getOutputStream());
    }

    /// Becomes a member, of whom nothing more is heard.
    Stranger join(int rank, int size, byte[] secret) throws IOException {
        in.readInt();
        byte[] theirs = in.readNBytes(RendezvousWire.CHALLENGE_BYTES);
        out.writeInt(RendezvousWire.MAGIC);
        out.writeInt(rank);
        out.writeInt(size);
        out.write(instance);
        out.write(RendezvousWire.challenge());
        out.write(RendezvousWire.proof(secret, RendezvousWire.Purpose.JOIN.letter, theirs, rank, size));
        in.readByte();
        in.readNBytes(RendezvousWire.PROOF_BYTES);
        return this;
    }

    /// Brings its part to a round.
    void bring(byte[] part) throws IOException {
        out.writeByte(RendezvousWire.PART);
        out.writeLong(Clients.PATIENCE_NS);
        out.writeLong(Clients.PATIENCE_NS);
        RendezvousWire.writeBytes(out, part);
    }

    Stranger say(byte[] bytes) throws IOException {
        out.write(bytes);
        return this;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
