package org.porthole.spi;

import java.lang.foreign.MemorySegment;
import org.porthole.DataType;
import org.porthole.Operator;

/// The way to one peer: non-blocking one-sided operations, completed by [#flush()].
///
/// The caller has checked ranges, alignment and rights. Operations may throw [org.porthole.PeerFailedException].
///
/// **Ordering.** None, but that [#signal] comes after every earlier operation, [#fence()] keeps both sides apart, and atomics on one location
/// keep their order.
/// **Threads.** Any.  **Cost.** No operation allocates once warm, nor blocks but for back-pressure.
public interface Endpoint extends AutoCloseable {
    /// Imports a peer's key.
    ///
    /// @param key what the peer's registration gave
    /// @return its memory, to be closed
    /// @throws org.porthole.TransportException if the key is not, or no more, good for anything
    RemoteMemory attach(RemoteKey key);

    /// Starts copying bytes to the peer. Aligned ones of 1, 2, 4 or 8 bytes are stored whole.
    ///
    /// @param remote       the peer's memory
    /// @param offset       first byte written there
    /// @param source       where the bytes are
    /// @param sourceOffset first byte read here
    /// @param length       how many bytes
    void put(RemoteMemory remote, long offset, MemorySegment source, long sourceOffset, long length);

    /// Starts copying bytes from the peer. Aligned ones of 1, 2, 4 or 8 bytes are loaded whole.
    ///
    /// @param remote            the peer's memory
    /// @param offset            first byte read there
    /// @param destination       where the bytes go
    /// @param destinationOffset first byte written here
    /// @param length            how many bytes
    void get(RemoteMemory remote, long offset, MemorySegment destination, long destinationOffset, long length);

    /// Says that this thread starts many puts or gets now, and calls nothing else of this endpoint until [#endRuns()], which follows in any case. What is
    /// started may be held back until then, to be handed to a device together; other threads may have to wait.
    default void startRuns() {}

    /// Lets what was held back since [#startRuns()] go.
    default void endRuns() {}

    /// Starts an atomic operation; the value before is stored at the start of `result` by the time it completes.
    ///
    /// @param remote  the peer's memory
    /// @param offset  the integer's offset, a multiple of its size
    /// @param type    [DataType#INT] or [DataType#LONG]
    /// @param op      what to do
    /// @param operand the operand; for `INT` its low half
    /// @param result  receives 8 bytes: the value before, sign-extended
    void fetchAndOp(RemoteMemory remote, long offset, DataType type, Operator op, long operand, MemorySegment result);

    /// Starts an atomic compare-and-exchange; the value before is stored at the start of `result` by the time it completes.
    ///
    /// @param remote   the peer's memory
    /// @param offset   the integer's offset, a multiple of its size
    /// @param type     [DataType#INT] or [DataType#LONG]
    /// @param expected what must be there; for `INT` its low half
    /// @param value    what to store; for `INT` its low half
    /// @param result   receives 8 bytes: the value before, sign-extended
    void compareAndExchange(
            RemoteMemory remote, long offset, DataType type, long expected, long value, MemorySegment result);

    /// Starts combining elements at the peer with operands from here, one by one. Each element is changed atomically; the range is not.
    ///
    /// @param remote        the peer's memory
    /// @param offset        the first element's offset, a multiple of its size
    /// @param type          the elements' type
    /// @param op            what to do
    /// @param operands      where the operands are
    /// @param operandOffset the first operand's offset there
    /// @param length        how many bytes, a multiple of the element's size
    /// @param result        receives the elements before by the time the operation completes; null if they are not wanted
    /// @param resultOffset  where in it
    void accumulate(
            RemoteMemory remote,
            long offset,
            DataType type,
            Operator op,
            MemorySegment operands,
            long operandOffset,
            long length,
            MemorySegment result,
            long resultOffset);

    /// Changes a 64-bit word, whole, after every earlier operation of this endpoint is visible at the peer, and wakes whoever sleeps on it there.
    ///
    /// @param remote the peer's memory
    /// @param offset the word's offset, a multiple of 8
    /// @param kind   what to do with the word
    /// @param value  the operand
    void signal(RemoteMemory remote, long offset, SignalKind kind, long value);

    /// Orders what was started before ahead of what is started later, at the peer; waits for nothing.
    void fence();

    /// Waits until every operation started before is complete, here and at the peer.
    void flush();

    /// Waits until every operation started before is complete here: sources may be reused, and what was fetched has arrived.
    void flushLocal();

    /// A ticket for the operations started so far.
    ///
    /// @return what [#isComplete(long)] and [#isLocallyComplete(long)] take; grows
    long started();

    /// Whether operations are complete, here and at the peer. Drives the progress that this takes.
    ///
    /// @param ticket from [#started()]
    /// @return true if all are that were started before the ticket was given
    boolean isComplete(long ticket);

    /// Whether operations are complete here. Drives the progress that this takes.
    ///
    /// @param ticket from [#started()]
    /// @return true if all are that were started before the ticket was given
    boolean isLocallyComplete(long ticket);

    /// Closes the way; memory that was attached through it must be closed before.
    @Override
    void close();
}
