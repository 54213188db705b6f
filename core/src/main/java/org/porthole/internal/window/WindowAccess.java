package org.porthole.internal.window;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.porthole.Access;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.PeerFailedException;
import org.porthole.Region;
import org.porthole.Request;
import org.porthole.internal.progress.CompletedRequest;
import org.porthole.internal.route.Target;
import org.porthole.spi.LoadStore;

/// The operations of an epoch.
///
/// **Threads.** Any for operations; one for beginning and closing.
public abstract sealed class WindowAccess extends CoveredTargets implements Access
        permits FenceEpoch, GrantedAccess, GroupAccess, GroupEpoch, LockAccess, LockAllAccess {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

    WindowAccess(OpenWindow window) {
        super(window);
    }

    @Override
    public final void put(int target, long offset, MemorySegment source) {
        long length = source.byteSize();
        Target to = writable(target, offset, length);
        if (to.segment != null) {
            LoadStore.copy(source, 0, to.segment, offset - to.base, length);
            setUnfenced();
        } else {
            to.endpoint.put(to.remote, offset - to.base, source, 0, length);
        }
    }

    @Override
    public final void get(int target, long offset, MemorySegment destination) {
        long length = destination.byteSize();
        Target from = readable(target, offset, length);
        requireWritable(destination);
        if (from.segment != null) {
            LoadStore.copy(from.segment, offset - from.base, destination, 0, length);
        } else {
            from.endpoint.get(from.remote, offset - from.base, destination, 0, length);
        }
    }

    @Override
    public final void put(int target, Region to, MemorySegment source, Region from) {
        requireSameSize(to, from);
        Target reached = writable(target, to.lowest(), to.highest() - to.lowest());
        Objects.checkFromToIndex(from.lowest(), from.highest(), source.byteSize());
        RegionCopy.ofThread().put(reached, to, source, from);
        if (reached.segment != null) {
            setUnfenced();
        }
    }

    @Override
    public final void get(int target, Region from, MemorySegment destination, Region to) {
        requireSameSize(to, from);
        Target reached = readable(target, from.lowest(), from.highest() - from.lowest());
        Objects.checkFromToIndex(to.lowest(), to.highest(), destination.byteSize());
        requireWritable(destination);
        RegionCopy.ofThread().get(reached, from, destination, to);
    }

    private static void requireSameSize(Region to, Region from) {
        if (to.byteSize() != from.byteSize()) {
            throw new IllegalArgumentException(
                    "from a region of " + from.byteSize() + " bytes to one of " + to.byteSize());
        }
    }

    private static void requireWritable(MemorySegment destination) {
        if (destination.isReadOnly()) {
            throw new IllegalArgumentException("get into a read-only segment");
        }
    }

    @Override
    public final void raise(int target, int id, long delta) {
        Target reached = covered(target);
        window.notifications().raise(target, id, delta, reached.segment != null);
    }

    @Override
    public final void accumulate(int target, long offset, DataType type, Operator op, MemorySegment source) {
        combine(target, offset, type, op, source, null);
    }

    @Override
    public final void getAccumulate(
            int target, long offset, DataType type, Operator op, MemorySegment source, MemorySegment result) {
        requireWritable(result);
        if (result.byteSize() != source.byteSize()) {
            throw new IllegalArgumentException(
                    "getAccumulate of " + source.byteSize() + " bytes with a result of " + result.byteSize());
        }
        combine(target, offset, type, op, source, result);
    }

    private void combine(
            int target, long offset, DataType type, Operator op, MemorySegment source, MemorySegment result) {
        if (adapterOnly) {
            throw notPromised();
        }
        long length = source.byteSize();
        Target reached = atomic(target, offset, length);
        int element = type.byteSize();
        if (((offset | length) & element - 1) != 0 || !op.isDefinedFor(type)) {
            throw notCombinable(offset, type, op, length);
        }
        combineRun(target, reached, offset, type, op, source, 0, length, result, 0);
    }

    /// Combines elements that lie together.
    ///
    /// @param result receives the elements before; null if they are not wanted
    final void combineRun(
            int rank,
            Target target,
            long offset,
            DataType type,
            Operator op,
            MemorySegment source,
            long sourceOffset,
            long length,
            MemorySegment result,
            long resultOffset) {
        long at = offset - target.base;
        if (target.segment == null) {
            target.endpoint.accumulate(target.remote, at, type, op, source, sourceOffset, length, result, resultOffset);
        } else if (turns == null) {
            LoadStore.accumulate(target.segment, at, type, op, source, sourceOffset, length, result, resultOffset);
        } else {
            turns[rank].accumulate(target.elements(), at, type, op, source, sourceOffset, length, result, resultOffset);
            setUnfenced();
        }
    }

    @Override
    public final void accumulate(int target, Region to, DataType type, Operator op, MemorySegment source, Region from) {
        combine(target, to, type, op, source, from, null, from);
    }

    @Override
    public final void getAccumulate(
            int target,
            Region at,
            DataType type,
            Operator op,
            MemorySegment source,
            Region from,
            MemorySegment result,
            Region into) {
        requireWritable(result);
        requireSameSize(at, into);
        Objects.checkFromToIndex(into.lowest(), into.highest(), result.byteSize());
        combine(target, at, type, op, source, from, result, into);
    }

    private void combine(
            int target,
            Region at,
            DataType type,
            Operator op,
            MemorySegment source,
            Region from,
            MemorySegment result,
            Region into) {
        if (adapterOnly) {
            throw notPromised();
        }
        requireSameSize(at, from);
        Target reached = atomic(target, at.lowest(), at.highest() - at.lowest());
        Objects.checkFromToIndex(from.lowest(), from.highest(), source.byteSize());
        int element = type.byteSize();
        if (!op.isDefinedFor(type) || !at.isAligned(element) || !from.isWhole(element) || !into.isWhole(element)) {
            throw new IllegalArgumentException(
                    !op.isDefinedFor(type)
                            ? op + " is not defined for " + type
                            : "a region has runs that are no whole elements of " + element + " bytes, or, in window \""
                                    + window.name() + "\", do not begin at multiples of that");
        }
        RegionCopy.ofThread().accumulate(this, target, reached, at, type, op, source, from, result, into);
    }

    private IllegalArgumentException notCombinable(long offset, DataType type, Operator op, long length) {
        String where = " of window \"" + window.name() + '"';
        if (!op.isDefinedFor(type)) {
            return new IllegalArgumentException(op + " is not defined for " + type);
        }
        int element = type.byteSize();
        return length % element != 0
                ? new IllegalArgumentException(
                        length + " bytes are no whole number of elements of " + element + " bytes")
                : new IllegalArgumentException("accumulate on elements of " + element + " bytes at offset " + offset
                        + where + ": the offset must be a multiple of " + element);
    }

    @Override
    public final void putByte(int target, long offset, byte value) {
        Target to = writable(target, offset, Byte.BYTES);
        if (to.segment != null) {
            to.segment.set(BYTE, offset - to.base, value);
            setUnfenced();
        } else {
            to.putWord(offset, value, Byte.BYTES);
        }
    }

    @Override
    public final void putInt(int target, long offset, int value) {
        Target to = writable(target, offset, Integer.BYTES);
        if (to.segment != null) {
            to.segment.set(INT, offset - to.base, value);
            setUnfenced();
        } else {
            to.putWord(offset, value, Integer.BYTES);
        }
    }

    @Override
    public final void putLong(int target, long offset, long value) {
        Target to = writable(target, offset, Long.BYTES);
        if (to.segment != null) {
            to.segment.set(LONG, offset - to.base, value);
            setUnfenced();
        } else {
            to.putWord(offset, value, Long.BYTES);
        }
    }

    @Override
    public final byte getByte(int target, long offset) {
        Target from = readable(target, offset, Byte.BYTES);
        if (from.segment == null) {
            return (byte) from.getWord(offset, Byte.BYTES);
        }
        byte value = from.segment.get(BYTE, offset - from.base);
        VarHandle.acquireFence(); // a loop that polls must look again
        return value;
    }

    @Override
    public final int getInt(int target, long offset) {
        Target from = readable(target, offset, Integer.BYTES);
        if (from.segment == null) {
            return (int) from.getWord(offset, Integer.BYTES);
        }
        int value = from.segment.get(INT, offset - from.base);
        VarHandle.acquireFence(); // a loop that polls must look again
        return value;
    }

    @Override
    public final long getLong(int target, long offset) {
        Target from = readable(target, offset, Long.BYTES);
        if (from.segment == null) {
            return from.getWord(offset, Long.BYTES);
        }
        long value = from.segment.get(LONG, offset - from.base);
        VarHandle.acquireFence(); // a loop that polls must look again
        return value;
    }

    @Override
    public final long fetchAndOp(int target, long offset, Operator op, long operand) {
        if (adapterOnly && op != Operator.SUM && op != Operator.NO_OP) {
            throw notPromised();
        }
        Target reached = reachAligned(target, offset, Long.BYTES);
        if (turns != null && reached.segment != null) {
            setUnfenced();
            return turns[target].fetchAndOp(reached.segment, DataType.LONG, offset - reached.base, op, operand);
        }
        return reached.fetchAndOpLong(offset, op, operand);
    }

    @Override
    public final int fetchAndOp(int target, long offset, Operator op, int operand) {
        Target reached = reachAligned(target, offset, Integer.BYTES);
        if (turns != null && reached.segment != null) {
            setUnfenced();
            return (int) turns[target].fetchAndOp(reached.segment, DataType.INT, offset - reached.base, op, operand);
        }
        return reached.fetchAndOpInt(offset, op, operand);
    }

    @Override
    public final long compareAndExchange(int target, long offset, long expected, long value) {
        Target reached = reachAligned(target, offset, Long.BYTES);
        if (turns != null && reached.segment != null) {
            setUnfenced();
            return turns[target].compareAndExchange(
                    reached.segment, DataType.LONG, offset - reached.base, expected, value);
        }
        return reached.compareAndExchangeLong(offset, expected, value);
    }

    @Override
    public final int compareAndExchange(int target, long offset, int expected, int value) {
        Target reached = reachAligned(target, offset, Integer.BYTES);
        if (turns != null && reached.segment != null) {
            setUnfenced();
            return (int) turns[target].compareAndExchange(
                    reached.segment, DataType.INT, offset - reached.base, expected, value);
        }
        return reached.compareAndExchangeInt(offset, expected, value);
    }

    @Override
    public final void fence(int target) {
        Target reached = covered(target);
        if (reached.segment != null) {
            VarHandle.releaseFence();
        } else {
            reached.endpoint.fence();
        }
    }

    @Override
    public final Request request(int target) {
        return request(target, false);
    }

    @Override
    public final Request requestLocal(int target) {
        return request(target, true);
    }

    private Request request(int target, boolean local) {
        Target reached = covered(target);
        if (reached.segment == null) {
            return window.requests().take(target, reached.endpoint, local);
        }
        if (!local) {
            fencePuts();
        }
        return CompletedRequest.INSTANCE;
    }

    @Override
    public final void flush(int target) {
        Target to = covered(target);
        if (to.segment != null) {
            fencePuts();
        } else {
            to.flush();
        }
    }

    @Override
    public final void flushAll() {
        requireOpen();
        fencePuts();
        PeerFailedException failure = null;
        for (Target target : targets) {
            try {
                target.flushIfRemote();
            } catch (PeerFailedException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /// Completes what was started, as far as the team's arrival that follows does not: one that goes through the same endpoint comes after all of it.
    final void flushBeforeArrival() {
        requireOpen();
        fencePuts();
        for (int rank = 0; rank < targets.length; rank++) {
            if (targets[rank].segment == null) {
                if (window.isArrivalBehind(rank)) {
                    targets[rank].flushLocal();
                } else {
                    targets[rank].flush();
                }
            }
        }
    }

    @Override
    public final void flushLocal(int target) {
        Target to = covered(target);
        if (to.segment == null) {
            to.flushLocal();
        }
    }

    @Override
    public final void flushLocalAll() {
        requireOpen();
        for (Target target : targets) {
            if (target.segment == null) {
                target.flushLocal();
            }
        }
    }
}
