package org.porthole;

import java.lang.foreign.MemorySegment;

/// One-sided operations on what a [WindowRight] gives. Offsets count from the beginning of its range.
///
/// **Completion.** As for [Access]: a put's source may be reused after [#flushLocal()]; its bytes are at the owner after [#flush()] or [#close()]. A get's bytes
/// are here after either. Operations that return a value are complete when they return.
/// **Ordering, atomicity.** As for [Access].
/// **Threads.** The one that opened it.
/// **Cost.** Operations neither block (but for back-pressure), nor allocate, nor read a clock.
///
/// Every operation throws
/// * [IndexOutOfBoundsException] if its range leaves that of the right,
/// * [AccessRefusedException] if the right does not give what it takes, [ExposureExpiredException] if the right has ended,
/// * [IllegalStateException] if this access is closed, [WrongThreadException] in another thread,
/// * [PeerFailedException] if the owner is known to be dead,
///
/// and has then touched nothing. Over a network an operation that has only been started when the right ends, throws at the next flush.
public sealed interface RightAccess extends AutoCloseable permits org.porthole.internal.window.LeaseReach {
    /// Starts copying all of `source` to the owner. Takes [Right#WRITE].
    ///
    /// @param offset first byte written
    /// @param source a native segment or a segment over a heap array
    void put(long offset, MemorySegment source);

    /// Starts filling `destination` with the owner's bytes. Takes [Right#READ].
    ///
    /// @param offset      first byte read
    /// @param destination a writable native segment or a segment over a heap array
    void get(long offset, MemorySegment destination);

    /// Writes a number. Takes [Right#WRITE].
    ///
    /// @param offset where
    /// @param value  its value
    void putLong(long offset, long value);

    /// Reads a number. Takes [Right#READ].
    ///
    /// @param offset where
    /// @return its value
    long getLong(long offset);

    /// Changes a number atomically. Takes [Right#ATOMIC].
    ///
    /// @param offset  where: a multiple of 8 in the owner's part
    /// @param op      what to do
    /// @param operand the operand
    /// @return what was there before
    /// @throws IllegalArgumentException if the place is not aligned
    long fetchAndOp(long offset, Operator op, long operand);

    /// Adds to a number atomically. Takes [Right#ATOMIC].
    ///
    /// @param offset where: a multiple of 8 in the owner's part
    /// @param delta  how much
    /// @return what was there before
    /// @throws IllegalArgumentException if the place is not aligned
    default long fetchAdd(long offset, long delta) {
        return fetchAndOp(offset, Operator.SUM, delta);
    }

    /// Exchanges a number atomically, if it is what is expected. Takes [Right#ATOMIC].
    ///
    /// @param offset   where: a multiple of 8 in the owner's part
    /// @param expected what must be there
    /// @param value    what to store
    /// @return what was there before
    /// @throws IllegalArgumentException if the place is not aligned
    long compareAndExchange(long offset, long expected, long value);

    /// Starts combining elements with the owner's, each atomically. Takes [Right#ATOMIC].
    ///
    /// @param offset first byte changed: a multiple of an element's size in the owner's part
    /// @param type   what the elements are
    /// @param op     how they are combined
    /// @param source the elements: a native segment or a segment over a heap array
    /// @throws IllegalArgumentException if the place is not aligned, `source` is no whole number of elements, or `op` is not defined for them
    void accumulate(long offset, DataType type, Operator op, MemorySegment source);

    /// Completes everything that was started, here and at the owner.
    void flush();

    /// Completes everything that was started, as far as this rank's memory goes.
    void flushLocal();

    /// Completes what was started, and ends the access; the right stays. Closing it again does nothing.
    ///
    /// @throws ExposureExpiredException if the right ended before something that was started had been carried out
    @Override
    void close();
}
