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
public sealed interface Access extends AutoCloseable
        permits Epoch,
                org.porthole.internal.window.LeaseAccess,
                org.porthole.internal.window.WindowAccess,
                org.porthole.internal.check.CheckedAccess {

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

    /// Starts copying bytes of `source` into the window of rank `target`, from one region to the other.
    ///
    /// @param target the rank written to, in the window's team
    /// @param to     where in its part; must not leave it
    /// @param source a native segment or a segment over a heap array
    /// @param from   where in `source`; as many bytes as `to`
    /// @throws IllegalArgumentException if the regions differ in size
    void put(int target, Region to, MemorySegment source, Region from);

    /// Starts copying bytes of rank `target`'s window into `destination`, from one region to the other.
    ///
    /// @param target      the rank read from, in the window's team
    /// @param from        where in its part; must not leave it
    /// @param destination a writable native segment or a segment over a heap array
    /// @param to          where in `destination`; as many bytes as `from`
    /// @throws IllegalArgumentException if the regions differ in size
    void get(int target, Region from, MemorySegment destination, Region to);

    /// Puts as [#put(int, long, MemorySegment)] does and raises a counter of the target by 1 once the bytes are there.
    ///
    /// @param target the rank written to
    /// @param offset first byte written
    /// @param source the bytes; may be none
    /// @param id     the counter's number
    /// @throws IndexOutOfBoundsException if the window has no such counter
    default void putNotify(int target, long offset, MemorySegment source, int id) {
        put(target, offset, source);
        raise(target, id, 1);
    }

    /// Raises a counter of the target once everything that this rank started on it before is there.
    ///
    /// @param target the rank whose counter it is
    /// @param id     the counter's number
    /// @param delta  what to add
    /// @throws IndexOutOfBoundsException if the window has no such counter
    void raise(int target, int id, long delta);

    /// Starts combining elements of the target's window with those of `source`, one by one. Each element is changed atomically; the range is
    /// not. Where one origin accumulates twice on an element, it does so in program order.
    ///
    /// @param target the rank operated on
    /// @param offset the first element's offset, a multiple of the element's size
    /// @param type   the elements' type
    /// @param op     what to do; defined for `type`
    /// @param source the operands, in the host's byte order, at any alignment
    /// @throws IllegalArgumentException if `offset` is not aligned, `source` is no whole number of elements, or `op` is not defined for `type`
    void accumulate(int target, long offset, DataType type, Operator op, MemorySegment source);

    /// Accumulates as [#accumulate(int, long, DataType, Operator, MemorySegment)] does and fetches the elements from before; they are here
    /// after a flush, local or not.
    ///
    /// @param target the rank operated on
    /// @param offset the first element's offset, a multiple of the element's size
    /// @param type   the elements' type
    /// @param op     what to do; defined for `type`
    /// @param source the operands; as long as `result` even if `op` is `NO_OP`
    /// @param result receives the elements before; may be `source`
    /// @throws IllegalArgumentException if `offset` is not aligned, a segment is no whole number of elements, their sizes differ, `result` is
    ///                                  read-only, or `op` is not defined for `type`
    void getAccumulate(int target, long offset, DataType type, Operator op, MemorySegment source, MemorySegment result);

    /// Starts combining elements of the target's window with elements of `source`, from one region to the other: those of both regions are paired in
    /// order, as bytes are in a put.
    ///
    /// @param target the rank operated on
    /// @param to     where in its part; its runs are whole elements and begin at multiples of their size
    /// @param type   the elements' type
    /// @param op     what to do; defined for `type`
    /// @param source the operands, in the host's byte order
    /// @param from   where in `source`; as many bytes as `to`, in runs of whole elements at any alignment
    /// @throws IllegalArgumentException if the regions differ in size, a run is no whole number of elements or, in `to`, not aligned, or `op` is not
    ///                                  defined for `type`
    void accumulate(int target, Region to, DataType type, Operator op, MemorySegment source, Region from);

    /// Accumulates as [#accumulate(int, Region, DataType, Operator, MemorySegment, Region)] does and fetches the elements from before; they are here
    /// after a flush, local or not.
    ///
    /// @param target the rank operated on
    /// @param at     where in its part; its runs are whole elements and begin at multiples of their size
    /// @param type   the elements' type
    /// @param op     what to do; defined for `type`
    /// @param source the operands
    /// @param from   where in `source`; as many bytes as `at` even if `op` is `NO_OP`, in runs of whole elements
    /// @param result receives the elements before; may be `source`, in the same region
    /// @param into   where in `result`; as many bytes as `at`, in runs of whole elements
    /// @throws IllegalArgumentException if the regions differ in size, a run is no whole number of elements or, in `at`, not aligned, `result` is
    ///                                  read-only, or `op` is not defined for `type`
    void getAccumulate(
            int target,
            Region at,
            DataType type,
            Operator op,
            MemorySegment source,
            Region from,
            MemorySegment result,
            Region into);

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

    /// Orders what this rank has started on `target` before what it starts there from now on: whoever sees the later sees the earlier. Waits for
    /// nothing, unlike [#flush(int)].
    ///
    /// @param target the rank
    ///
    /// **Source.** OpenSHMEM 1.5, 9.10.1 (`shmem_fence`).
    void fence(int target);

    /// A request for everything that this rank has started on `target` in this epoch so far: complete when all that is complete here and at the
    /// target.
    ///
    /// @param target the rank
    /// @return the request; it must be completed before the epoch ends
    Request request(int target);

    /// A request for everything that this rank has started on `target` in this epoch so far: complete when sources may be reused and what was
    /// fetched is here.
    ///
    /// @param target the rank
    /// @return the request; it must be completed before the epoch ends
    Request requestLocal(int target);

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
