package org.porthole;

import java.lang.foreign.MemorySegment;

/// The origin's side of an epoch: one-sided operations on the memory of the ranks that the epoch covers.
///
/// An access is obtained from [Window#fence()], [Window#lock(int, LockKind)] or [Window#lockAll()] and is valid until it is
/// closed; the object may then serve a later epoch of the same window, so a reference to a closed access must be dropped.
///
/// **Completion.** A put's source may be reused after [#flushLocal(int)]; its bytes are at the target after [#flush(int)] or
/// when the epoch closes. A get's bytes are here after either. Operations that return a value are complete when they return.
/// **Ordering.** None between operations of one epoch, except that atomics of one origin on one location happen in program order.
/// **Atomicity.** Aligned puts and gets of 1, 2, 4 or 8 bytes are single-copy atomic; atomics are atomic to each other.
/// **Threads.** Any thread may operate; the epoch is the rank's, not the thread's.
/// **Cost.** Operations neither block (but for back-pressure), nor allocate, nor read a clock.
///
/// Every operation throws
/// * [IndexOutOfBoundsException] if the target is not a rank of the team or the range leaves the target's window,
/// * [IllegalStateException] if this access is closed or does not cover the target,
/// * [PeerFailedException] if the target is known to be dead,
///
/// and has then touched nothing at the target.
///
/// **Source.** MPI-4.1, 12.3 (operations), 12.5 (epochs), 12.7 (completion).
public sealed interface Access extends AutoCloseable permits Epoch, org.porthole.internal.window.WindowAccess {

    /// Starts copying all of `source` into the window of rank `target`, from byte `offset` on.
    ///
    /// @param target the rank written to, in the window's team
    /// @param offset first byte written, in bytes, `0 <= offset <= window.length(target) - source.byteSize()`
    /// @param source a native segment or a segment over a heap array
    void put(int target, long offset, MemorySegment source);

    /// Starts filling `destination` with the bytes of rank `target`'s window from byte `offset` on.
    ///
    /// @param target      the rank read from, in the window's team
    /// @param offset      first byte read, in bytes, `0 <= offset <= window.length(target) - destination.byteSize()`
    /// @param destination a writable native segment or a segment over a heap array
    void get(int target, long offset, MemorySegment destination);

    /// Puts one byte.
    ///
    /// @param target the rank written to
    /// @param offset the byte's offset
    /// @param value  the byte
    void putByte(int target, long offset, byte value);

    /// Puts four bytes in the host's byte order; any alignment.
    ///
    /// @param target the rank written to
    /// @param offset the first byte's offset
    /// @param value  the value
    void putInt(int target, long offset, int value);

    /// Puts eight bytes in the host's byte order; any alignment.
    ///
    /// @param target the rank written to
    /// @param offset the first byte's offset
    /// @param value  the value
    void putLong(int target, long offset, long value);

    /// Puts a double; any alignment.
    ///
    /// @param target the rank written to
    /// @param offset the first byte's offset
    /// @param value  the value
    default void putDouble(int target, long offset, double value) {
        putLong(target, offset, Double.doubleToRawLongBits(value));
    }

    /// Gets one byte.
    ///
    /// @param target the rank read from
    /// @param offset the byte's offset
    /// @return the byte
    byte getByte(int target, long offset);

    /// Gets four bytes in the host's byte order; any alignment.
    ///
    /// @param target the rank read from
    /// @param offset the first byte's offset
    /// @return the value
    int getInt(int target, long offset);

    /// Gets eight bytes in the host's byte order; any alignment.
    ///
    /// @param target the rank read from
    /// @param offset the first byte's offset
    /// @return the value
    long getLong(int target, long offset);

    /// Gets a double; any alignment.
    ///
    /// @param target the rank read from
    /// @param offset the first byte's offset
    /// @return the value
    default double getDouble(int target, long offset) {
        return Double.longBitsToDouble(getLong(target, offset));
    }

    /// Atomically replaces the 64-bit integer at `offset` by `op` of itself and `operand`.
    ///
    /// @param target  the rank operated on
    /// @param offset  the integer's offset, a multiple of 8
    /// @param op      what to do
    /// @param operand the operand; ignored by `NO_OP`
    /// @return the value before
    /// @throws IllegalArgumentException if `offset` is not a multiple of 8
    long fetchAndOp(int target, long offset, Operator op, long operand);

    /// Atomically replaces the 32-bit integer at `offset` by `op` of itself and `operand`.
    ///
    /// @param target  the rank operated on
    /// @param offset  the integer's offset, a multiple of 4
    /// @param op      what to do
    /// @param operand the operand; ignored by `NO_OP`
    /// @return the value before
    /// @throws IllegalArgumentException if `offset` is not a multiple of 4
    int fetchAndOp(int target, long offset, Operator op, int operand);

    /// Atomically adds to the 64-bit integer at `offset`.
    ///
    /// @param target the rank operated on
    /// @param offset the integer's offset, a multiple of 8
    /// @param delta  what to add
    /// @return the value before
    default long fetchAdd(int target, long offset, long delta) {
        return fetchAndOp(target, offset, Operator.SUM, delta);
    }

    /// Atomically replaces the 64-bit integer at `offset` by `value` if it equals `expected`.
    ///
    /// @param target   the rank operated on
    /// @param offset   the integer's offset, a multiple of 8
    /// @param expected what must be there
    /// @param value    what to store
    /// @return the value before: `expected` if and only if the exchange happened
    /// @throws IllegalArgumentException if `offset` is not a multiple of 8
    long compareAndExchange(int target, long offset, long expected, long value);

    /// Atomically replaces the 32-bit integer at `offset` by `value` if it equals `expected`.
    ///
    /// @param target   the rank operated on
    /// @param offset   the integer's offset, a multiple of 4
    /// @param expected what must be there
    /// @param value    what to store
    /// @return the value before: `expected` if and only if the exchange happened
    /// @throws IllegalArgumentException if `offset` is not a multiple of 4
    int compareAndExchange(int target, long offset, int expected, int value);

    /// Completes, here and at the target, all operations that this rank started on `target` in this epoch.
    ///
    /// @param target the rank
    void flush(int target);

    /// Completes all operations of this epoch, here and at their targets.
    void flushAll();

    /// Completes here all operations that this rank started on `target` in this epoch: sources may be reused, and gets have
    /// arrived.
    ///
    /// @param target the rank
    void flushLocal(int target);

    /// Completes here all operations of this epoch.
    void flushLocalAll();

    /// Whether this access is still open.
    ///
    /// @return false once it was closed
    boolean isOpen();

    /// Ends the epoch: completes every operation at both ends. Closing a closed access does nothing.
    @Override
    void close();
}
