package org.porthole.internal.bootstrap;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Queue;
import org.porthole.internal.bootstrap.RendezvousWire.Purpose;

/// A connection that the rendezvous has accepted: bytes come in until a greeting or a frame is whole, and go out as the peer takes them. A
/// stranger can make it keep no more than a greeting's bytes.
///
/// **Threads.** One.
final class RendezvousPeer {
    /// What a peer has said.
    interface Listener {
        void greeted(RendezvousPeer peer, Greeting greeting) throws IOException;

        void brought(RendezvousPeer peer, byte[] part, long deadlineNs, long leftNs) throws IOException;

        void joined(RendezvousPeer peer) throws IOException;

        void aborts(RendezvousPeer peer, int exitCode) throws IOException;
    }

    /// How a peer introduces itself.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Greeting(Purpose purpose, int rank, int size, byte[] instance, byte[] challenge, byte[] proof) {}

    private final SocketChannel channel;
    private final SelectionKey key;
    private final Listener listener;
    private final byte[] challenge = RendezvousWire.challenge();
    private final Queue<ByteBuffer> leaving = new ArrayDeque<>();
    private final long acceptedAt;
    private ByteBuffer arriving = ByteBuffer.allocate(RendezvousWire.GREETING_BYTES);
    private Purpose purpose;
    private int rank = -1;
    private boolean waiting;
    private boolean ending;

    RendezvousPeer(SocketChannel channel, SelectionKey key, Listener listener, long acceptedAt) throws IOException {
        this.channel = channel;
        this.key = key;
        this.listener = listener;
        this.acceptedAt = acceptedAt;
        send(ByteBuffer.allocate(Integer.BYTES + RendezvousWire.CHALLENGE_BYTES)
                .putInt(RendezvousWire.MAGIC)
                .put(challenge)
                .flip());
    }

    long acceptedAt() {
        return acceptedAt;
    }

    byte[] challenge() {
        return challenge;
    }

    /// It has proved to be a member.
    void admit(Purpose why, int member) {
        purpose = why;
        rank = member;
    }

    boolean isStranger() {
        return purpose == null;
    }

    boolean isMember() {
        return purpose == Purpose.JOIN;
    }

    boolean isWatcher() {
        return purpose == Purpose.WATCH;
    }

    int rank() {
        return rank;
    }

    /// Notes whether it has brought its part and waits for the others'.
    void waits(boolean now) {
        waiting = now;
    }

    boolean isWaiting() {
        return waiting;
    }

    /// Whether everything has been taken.
    boolean isIdle() {
        return leaving.isEmpty();
    }

    /// Reads what is there and says what is whole.
    ///
    /// @throws IOException at the end, and if it speaks nonsense
    void read() throws IOException {
        for (; ; ) {
            int count = channel.read(arriving);
            if (count < 0) {
                throw new EOFException("it has left");
            }
            if (count == 0) {
                return;
            }
            understand();
            if (!arriving.hasRemaining()) {
                arriving = ByteBuffer.allocate(2 * arriving.capacity()).put(arriving.flip());
            }
        }
    }

    private void understand() throws IOException {
        arriving.flip();
        boolean more = true;
        while (more) {
            more = takeOne();
        }
        arriving.compact();
    }

    /// Takes a greeting or frame off the front if it is whole.
    private boolean takeOne() throws IOException {
        if (ending) {
            arriving.position(arriving.limit());
            return false;
        }
        if (isStranger()) {
            return takeGreeting();
        }
        if (!arriving.hasRemaining()) {
            return false;
        }
        byte type = isMember() ? arriving.get(arriving.position()) : -1;
        return switch (type) {
            case RendezvousWire.PART -> takePart();
            case RendezvousWire.JOINED -> {
                arriving.get();
                listener.joined(this);
                yield true;
            }
            case RendezvousWire.ABORT -> takeAbort();
            default -> throw new IOException("rank " + rank + " sent a frame of type " + type);
        };
    }

    private boolean takeGreeting() throws IOException {
        if (arriving.remaining() < RendezvousWire.GREETING_BYTES) {
            return false;
        }
        listener.greeted(
                this,
                new Greeting(
                        Purpose.of(arriving.getInt()),
                        arriving.getInt(),
                        arriving.getInt(),
                        bytes(RendezvousWire.CHALLENGE_BYTES),
                        bytes(RendezvousWire.CHALLENGE_BYTES),
                        bytes(RendezvousWire.PROOF_BYTES)));
        return true;
    }

    private boolean takePart() throws IOException {
        int at = arriving.position() + 1;
        if (arriving.remaining() < 1 + RendezvousWire.PART_HEADER_BYTES) {
            return false;
        }
        int length = RendezvousWire.checkedLength(arriving.getInt(at + 2 * Long.BYTES));
        if (arriving.remaining() < 1 + RendezvousWire.PART_HEADER_BYTES + length) {
            return false;
        }
        arriving.get();
        long deadlineNs = arriving.getLong();
        long leftNs = arriving.getLong();
        arriving.getInt();
        listener.brought(this, bytes(length), deadlineNs, leftNs);
        return true;
    }

    private boolean takeAbort() throws IOException {
        if (arriving.remaining() < 1 + Integer.BYTES) {
            return false;
        }
        arriving.get();
        listener.aborts(this, arriving.getInt());
        return true;
    }

    private byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        arriving.get(bytes);
        return bytes;
    }

    /// Sends, now or as soon as the peer takes it.
    ///
    /// @param bytes not changed; may be sent to others too
    void send(ByteBuffer bytes) throws IOException {
        leaving.add(bytes.duplicate());
        write();
    }

    /// Sends, and then ends.
    void sendLast(ByteBuffer bytes) throws IOException {
        ending = true;
        send(bytes);
    }

    /// Writes what the peer takes.
    ///
    /// @throws IOException if it has gone, and at the end of what was to be the last
    void write() throws IOException {
        while (!leaving.isEmpty()) {
            channel.write(leaving.peek());
            if (leaving.peek().hasRemaining()) {
                key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                return;
            }
            leaving.remove();
        }
        key.interestOps(SelectionKey.OP_READ);
        if (ending) {
            channel.shutdownOutput();
        }
    }

    void close() {
        key.cancel();
        try {
            channel.close();
        } catch (IOException e) {
            System.getLogger(RendezvousPeer.class.getName())
                    .log(System.Logger.Level.DEBUG, "while closing a connection", e);
        }
    }
}
