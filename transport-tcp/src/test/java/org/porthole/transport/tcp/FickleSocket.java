package org.porthole.transport.tcp;

import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.function.Consumer;

/// A socket that gives what it was made with, in pieces, and takes what is sent, or does not.
final class FickleSocket implements TcpSocket, TcpPoller.Watch {
    private static final int MOST_TAKEN = 64 << 10;

    private final MemorySegment input;
    private final Random random;
    private final Consumer<MemorySegment> sink;
    private long given;
    private long taken;
    private boolean wantsInput = true;
    private boolean wantsOutput;

    /// @param input  what comes from the peer
    /// @param random decides how much at a time
    /// @param sink   gets what is sent
    FickleSocket(MemorySegment input, Random random, Consumer<MemorySegment> sink) {
        this.input = input;
        this.random = random;
        this.sink = sink;
    }

    /// How many bytes have been sent.
    long taken() {
        return taken;
    }

    /// Calls a connection as a poller would, for what it has asked for, until there is nothing to be called for.
    void driveToTheEnd(TcpConnection connection) {
        connection.watchedBy(this);
        while (connection.isOpen() && (wantsOutput || (wantsInput && given < input.byteSize()))) {
            connection.drive(true);
        }
    }

    @Override
    public int receive(MemorySegment into, long offset, long length) {
        long most = Math.min(length, input.byteSize() - given);
        long count = random.nextInt(4) == 0 ? Math.min(most, 1 + random.nextInt(40)) : most;
        MemorySegment.copy(input, given, into, offset, count);
        given += count;
        return (int) count;
    }

    @Override
    public long send(MemorySegment from, long offset, long length) {
        long count = random.nextInt(3) == 0 ? 0 : Math.min(length, 1 + random.nextInt(MOST_TAKEN));
        sink.accept(from.asSlice(offset, count));
        taken += count;
        return count;
    }

    @Override
    public long send(
            MemorySegment first,
            long firstOffset,
            long firstLength,
            MemorySegment second,
            long secondOffset,
            long secondLength) {
        long sent = send(first, firstOffset, firstLength);
        return sent < firstLength ? sent : sent + send(second, secondOffset, secondLength);
    }

    @Override
    public boolean isDirect() {
        return true;
    }

    @Override
    public long silenceMs() {
        return 0;
    }

    @Override
    public String peer() {
        return "a test";
    }

    @Override
    public void close() {}

    @Override
    public void interest(boolean inputToo, boolean outputToo) {
        wantsInput = inputToo;
        wantsOutput = outputToo;
    }

    @Override
    public void end(Runnable then) {
        then.run();
    }
}
