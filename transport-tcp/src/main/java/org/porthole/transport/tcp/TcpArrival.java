package org.porthole.transport.tcp;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.porthole.transport.tcp.TcpHandshake.Verdict;

/// A connection of somebody who has not yet proved to be a member: costs a few hundred bytes, and a few seconds at most.
///
/// **Threads.** The transport's own.
final class TcpArrival {
    private final TcpTransport transport;
    private final TcpSocket socket;
    private final long begunNs = System.nanoTime();
    private final MemorySegment memory = Arena.ofAuto().allocate(TcpHandshake.HELLO);
    private final byte[] greeting;
    private int received;
    private TcpPoller.Watch watch;

    TcpArrival(TcpTransport transport, TcpSocket socket) throws IOException {
        this.transport = transport;
        this.socket = socket;
        greeting = transport.handshake().greeting();
        send(greeting);
    }

    void watchedBy(TcpPoller.Watch by) {
        watch = by;
    }

    /// An empty socket takes a few bytes at once.
    private void send(byte[] bytes) throws IOException {
        MemorySegment copy = Arena.ofAuto().allocate(bytes.length);
        copy.copyFrom(MemorySegment.ofArray(bytes));
        if (socket.send(copy, 0, bytes.length) < bytes.length) {
            throw new IOException("the first bytes of a connection were not taken");
        }
    }

    long begunNs() {
        return begunNs;
    }

    boolean isLate(long nowNs, long deadlineNs) {
        return nowNs - begunNs > deadlineNs;
    }

    /// Receives what is there; decides when it is all there.
    void drive() {
        try {
            int count = socket.receive(memory, received, TcpHandshake.HELLO - received);
            if (count < 0) {
                throw new EOFException("it went away");
            }
            received += count;
            if (received == TcpHandshake.HELLO) {
                decide(memory.toArray(ValueLayout.JAVA_BYTE));
            } else if (received >= Integer.BYTES && memory.get(TcpWire.INT, 0) != TcpWire.MAGIC) {
                refuse(Verdict.OTHER_PROTOCOL.words);
            }
        } catch (IOException e) {
            refuse("did not get to the end of the handshake: " + e.getMessage());
        }
    }

    private void decide(byte[] hello) throws IOException {
        byte[] nonce = TcpHandshake.bound(transport.nonce(), socket.binding());
        Verdict verdict = transport.handshake().judge(greeting, nonce, hello);
        int rank = TcpHandshake.rankOf(hello);
        long first = verdict == Verdict.ADMITTED ? transport.beginning(rank, TcpHandshake.firstOf(hello)) : 0;
        if (first < 0) {
            verdict = Verdict.NOTHING_CUT;
        }
        send(transport.handshake().welcome(verdict, first, nonce, greeting, hello));
        if (verdict == Verdict.ADMITTED) {
            watch.end(() -> transport.admit(this, socket, rank, first));
        } else {
            refuse(verdict.words);
        }
    }

    void refuse(String why) {
        transport.refused(this, socket.peer(), why);
        watch.end(socket::close);
    }

    void close() {
        watch.end(socket::close);
    }
}
