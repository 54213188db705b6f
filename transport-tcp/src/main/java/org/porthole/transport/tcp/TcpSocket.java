package org.porthole.transport.tcp;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// A connected socket that never blocks.
///
/// **Threads.** One at a time for each direction.
interface TcpSocket {
    /// Receives what is there.
    ///
    /// @param into   native memory
    /// @param offset where in it
    /// @param length how much at most, `> 0`
    /// @return how many bytes; 0 if nothing is there; -1 at the end
    int receive(MemorySegment into, long offset, long length) throws IOException;

    /// Sends as much as the system takes.
    ///
    /// @param from   native memory
    /// @param offset where in it
    /// @param length how much, `> 0`
    /// @return how many bytes
    long send(MemorySegment from, long offset, long length) throws IOException;

    /// Sends two pieces, one after the other, as far as the system takes them.
    long send(
            MemorySegment first,
            long firstOffset,
            long firstLength,
            MemorySegment second,
            long secondOffset,
            long secondLength)
            throws IOException;

    /// Whether bytes go between foreign memory and the system without a copy.
    boolean isDirect();

    /// How long sent bytes have waited for the peer's host to acknowledge them, in milliseconds; 0 if it cannot be told.
    long silenceMs() throws IOException;

    /// Who is at the other end, for messages.
    String peer();

    /// Something that only the two ends of this connection know, to bind proofs to it.
    ///
    /// @return any bytes; none if there is no such thing
    default byte[] binding() throws IOException {
        return new byte[0];
    }

    /// How many bytes have been taken from the system that a poller can not tell of: they must be received without being called.
    default int held() {
        return 0;
    }

    /// What a poller can watch.
    default TcpSocket wire() {
        return this;
    }

    void close();
}
