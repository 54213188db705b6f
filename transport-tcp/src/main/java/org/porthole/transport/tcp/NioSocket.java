package org.porthole.transport.tcp;

import java.io.Closeable;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;

/// A socket of the JDK. Bytes pass through two buffers of its own, since a view of foreign memory would have to be allocated for each.
final class NioSocket implements TcpSocket {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int PROBES = 3;

    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final MemorySegment inSegment = MemorySegment.ofBuffer(in);
    private final MemorySegment outSegment = MemorySegment.ofBuffer(out);

    NioSocket(SocketChannel channel, long heartbeatNs) throws IOException {
        this.channel = channel;
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        if (channel.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
            int seconds = Math.clamp(TimeUnit.NANOSECONDS.toSeconds(heartbeatNs), 1, Short.MAX_VALUE);
            channel.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, seconds);
            channel.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, seconds);
            channel.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, PROBES);
        }
    }

    SocketChannel channel() {
        return channel;
    }

    @Override
    public int receive(MemorySegment into, long offset, long length) throws IOException {
        in.clear().limit((int) Math.min(length, BUFFER_BYTES));
        int received = channel.read(in);
        if (received > 0) {
            AnyMemory.copy(inSegment, 0, into, offset, received);
        }
        return received;
    }

    @Override
    public long send(MemorySegment from, long offset, long length) throws IOException {
        int part = (int) Math.min(length, BUFFER_BYTES);
        MemorySegment.copy(from, offset, outSegment, 0, part);
        out.clear().limit(part);
        return channel.write(out);
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
        int part = (int) Math.min(firstLength, BUFFER_BYTES);
        int rest = (int) Math.min(secondLength, BUFFER_BYTES - part);
        MemorySegment.copy(first, firstOffset, outSegment, 0, part);
        MemorySegment.copy(second, secondOffset, outSegment, part, rest);
        out.clear().limit(part + rest);
        return channel.write(out);
    }

    @Override
    public boolean isDirect() {
        return false;
    }

    @Override
    public long silenceMs() {
        return 0;
    }

    @Override
    public String peer() {
        try {
            return String.valueOf(channel.getRemoteAddress());
        } catch (IOException e) {
            return "a closed connection";
        }
    }

    @Override
    public void close() {
        close(channel);
    }

    static void close(Closeable channel) {
        try {
            channel.close();
        } catch (IOException e) {
            System.getLogger(NioSocket.class.getName()).log(System.Logger.Level.DEBUG, "closing a socket", e);
        }
    }
}
