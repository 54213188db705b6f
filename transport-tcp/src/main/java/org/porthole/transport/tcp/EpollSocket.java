package org.porthole.transport.tcp;

import io.netty.channel.ChannelException;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/// A socket of Linux: system calls on addresses. A segment that is unmapped meanwhile makes the call fail (EFAULT) and not the process.
///
/// **Source.** tcp(7); Linux, include/uapi/linux/tcp.h: `struct tcp_info`; struct iovec is an address and a length.
final class EpollSocket implements TcpSocket {
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_KEEPIDLE = 4;
    private static final int TCP_KEEPINTVL = 5;
    private static final int TCP_KEEPCNT = 6;
    private static final int TCP_INFO = 11;
    private static final int TCP_QUICKACK = 12;
    private static final int TCP_CONGESTION = 13;
    private static final int INFO_BYTES = 148;
    private static final int INFO_PROBES = 3;
    private static final int INFO_UNACKED = 24;
    private static final int INFO_LAST_ACK_RECEIVED = 56;
    private static final int INFO_NOT_SENT = 144;
    private static final int PROBES = 3;
    /// One may be on its way.
    private static final int UNANSWERED = 2;
    private static final long MOST_AT_ONCE = 1L << 24;
    private static final int IOVEC_BYTES = 16;
    /// After so many receptions acknowledgements are put off again. A power of two.
    private static final int RECEPTIONS = 64;

    private final Socket socket;
    private int receptions;
    private final MemorySegment vectors = Arena.ofAuto().allocate(2 * IOVEC_BYTES, Long.BYTES);
    private final long vectorsAddress = vectors.address();

    /// @param congestion the congestion control; empty for the system's
    EpollSocket(Socket socket, long heartbeatNs, String congestion) throws IOException {
        this.socket = socket;
        socket.setTcpNoDelay(true);
        putOffAcknowledgements();
        if (!congestion.isEmpty()) {
            setCongestion(socket, congestion);
        }
        int seconds = Math.clamp(TimeUnit.NANOSECONDS.toSeconds(heartbeatNs), 1, Short.MAX_VALUE);
        socket.setKeepAlive(true);
        socket.setIntOpt(IPPROTO_TCP, TCP_KEEPIDLE, seconds);
        socket.setIntOpt(IPPROTO_TCP, TCP_KEEPINTVL, seconds);
        socket.setIntOpt(IPPROTO_TCP, TCP_KEEPCNT, PROBES);
    }

    /// Chooses how the system paces what a socket sends.
    ///
    /// @throws IOException if the system does not have it, or does not let this user have it
    static void setCongestion(Socket socket, String name) throws IOException {
        try {
            socket.setRawOpt(IPPROTO_TCP, TCP_CONGESTION, ByteBuffer.wrap(name.getBytes(StandardCharsets.US_ASCII)));
        } catch (ChannelException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /// Requests go one way on a connection and responses the other, so that Linux would acknowledge each signal with a packet of its own while it is
    /// being received: 0.4 µs of 3.4 one way on loopback. Asked not to, it waits for an answer or a second packet, until its timer has once had to
    /// help out (40 ms).
    private void putOffAcknowledgements() throws IOException {
        socket.setIntOpt(IPPROTO_TCP, TCP_QUICKACK, 0);
    }

    Socket socket() {
        return socket;
    }

    @Override
    public int receive(MemorySegment into, long offset, long length) throws IOException {
        int received = socket.recvAddress(into.address() + offset, 0, (int) Math.min(length, MOST_AT_ONCE));
        if (received > 0 && (++receptions & (RECEPTIONS - 1)) == 0) {
            putOffAcknowledgements();
        }
        return received;
    }

    @Override
    public long send(MemorySegment from, long offset, long length) throws IOException {
        return socket.sendAddress(from.address() + offset, 0, (int) Math.min(length, MOST_AT_ONCE));
    }

    @Override
    public long send(
            MemorySegment first,
            long firstOffset,
            long firstLength,
            MemorySegment second,
            long secondOffset,
            long secondLength)
            throws IOException {
        vectors.set(ValueLayout.JAVA_LONG, 0, first.address() + firstOffset);
        vectors.set(ValueLayout.JAVA_LONG, 8, firstLength);
        vectors.set(ValueLayout.JAVA_LONG, 16, second.address() + secondOffset);
        vectors.set(ValueLayout.JAVA_LONG, 24, Math.min(secondLength, MOST_AT_ONCE));
        return socket.writevAddresses(vectorsAddress, 2);
    }

    @Override
    public boolean isDirect() {
        return true;
    }

    @Override
    public long silenceMs() throws IOException {
        ByteBuffer answer = ByteBuffer.allocateDirect(INFO_BYTES).order(ByteOrder.nativeOrder());
        socket.getRawOpt(IPPROTO_TCP, TCP_INFO, answer);
        // What this host's own network refuses to send is not in flight, but probed for; a peer that has no room
        // answers probes.
        boolean awaited = answer.getInt(INFO_UNACKED) != 0
                || (answer.getInt(INFO_NOT_SENT) != 0 && answer.get(INFO_PROBES) >= UNANSWERED);
        return awaited ? Integer.toUnsignedLong(answer.getInt(INFO_LAST_ACK_RECEIVED)) : 0;
    }

    @Override
    public String peer() {
        return String.valueOf(socket.remoteAddress());
    }

    @Override
    public void close() {
        close(socket);
    }

    static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            System.getLogger(EpollSocket.class.getName()).log(System.Logger.Level.DEBUG, "closing a socket", e);
        }
    }
}
