package org.porthole.internal.window;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.porthole.Access;
import org.porthole.Operator;
import org.porthole.internal.route.Target;
import org.porthole.spi.LoadStore;

/// The operations of an epoch. What an epoch does not cover has no target here, so that one comparison on the fast path stands for all checks;
/// the slow path finds out which of them failed.
///
/// **Threads.** Any for operations; one for beginning and closing.
public abstract sealed class WindowAccess implements Access permits FenceEpoch, LockAccess, LockAllAccess {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final VarHandle UNFENCED = unfenced();

    private static VarHandle unfenced() {
        try {
            return MethodHandles.lookup().findVarHandle(WindowAccess.class, "unfenced", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final OpenWindow window;
    private Target[] targets;
    private boolean open;
    /// Whether a put may still be on its way out of this core. Loads and atomics need no fence to be complete.
    private boolean unfenced;

    WindowAccess(OpenWindow window) {
        this.window = window;
        targets = window.noTargets();
    }

    final void begin(Target[] covered) {
        targets = covered;
        open = true;
    }

    final void end() {
        open = false;
        targets = window.noTargets();
    }

    /// What this epoch is called in messages.
    abstract String describe();

    @Override
    public final boolean isOpen() {
        return open;
    }

    /// The target, if `length` bytes at `offset` of it may be reached now.
    private Target reach(int rank, long offset, long length) {
        Target[] all = targets;
        if (rank < 0 || rank >= all.length) {
            throw window.noSuchRank(rank);
        }
        Target target = all[rank];
        if ((offset | target.limit - length - offset) < 0) {
            throw window.refusal(this, target, rank, offset, length);
        }
        return target;
    }

    private Target reachAligned(int rank, long offset, long length) {
        Target target = reach(rank, offset, length);
        if ((offset & length - 1) != 0) {
            throw new IllegalArgumentException("atomic operation on " + length + " bytes at offset " + offset
                    + " of window \"" + window.name() + "\": the offset must be a multiple of " + length);
        }
        return target;
    }

    /// After the put's stores, so that a thread which sees the mark, and clears it, knows them to be visible.
    private void setUnfenced() {
        UNFENCED.setRelease(this, true);
    }

    private void fence() {
        VarHandle.acquireFence();
        if ((boolean) UNFENCED.getAcquire(this)) {
            UNFENCED.setOpaque(this, false);
            VarHandle.fullFence();
        }
    }

    @Override
    public final void put(int target, long offset, MemorySegment source) {
        long length = source.byteSize();
        Target to = reach(target, offset, length);
        if (to.segment != null) {
            LoadStore.copy(source, 0, to.segment, offset, length);
            setUnfenced();
        } else {
            to.endpoint.put(to.remote, offset, source, 0, length);
        }
    }

    @Override
    public final void get(int target, long offset, MemorySegment destination) {
        long length = destination.byteSize();
        Target from = reach(target, offset, length);
        if (destination.isReadOnly()) {
            throw new IllegalArgumentException("get into a read-only segment");
        }
        if (from.segment != null) {
            LoadStore.copy(from.segment, offset, destination, 0, length);
        } else {
            from.endpoint.get(from.remote, offset, destination, 0, length);
        }
    }

    @Override
    public final void putByte(int target, long offset, byte value) {
        Target to = reach(target, offset, Byte.BYTES);
        if (to.segment != null) {
            to.segment.set(BYTE, offset, value);
            setUnfenced();
        } else {
            to.putWord(offset, value, Byte.BYTES);
        }
    }

    @Override
    public final void putInt(int target, long offset, int value) {
        Target to = reach(target, offset, Integer.BYTES);
        if (to.segment != null) {
            to.segment.set(INT, offset, value);
            setUnfenced();
        } else {
            to.putWord(offset, value, Integer.BYTES);
        }
    }

    @Override
    public final void putLong(int target, long offset, long value) {
        Target to = reach(target, offset, Long.BYTES);
        if (to.segment != null) {
            to.segment.set(LONG, offset, value);
            setUnfenced();
        } else {
            to.putWord(offset, value, Long.BYTES);
        }
    }

    @Override
    public final byte getByte(int target, long offset) {
        Target from = reach(target, offset, Byte.BYTES);
        if (from.segment == null) {
            return (byte) from.getWord(offset, Byte.BYTES);
        }
        byte value = from.segment.get(BYTE, offset);
        VarHandle.acquireFence(); // a loop that polls must look again
        return value;
    }

    @Override
    public final int getInt(int target, long offset) {
        Target from = reach(target, offset, Integer.BYTES);
        if (from.segment == null) {
            return (int) from.getWord(offset, Integer.BYTES);
        }
        int value = from.segment.get(INT, offset);
        VarHandle.acquireFence(); // a loop that polls must look again
        return value;
    }

    @Override
    public final long getLong(int target, long offset) {
        Target from = reach(target, offset, Long.BYTES);
        if (from.segment == null) {
            return from.getWord(offset, Long.BYTES);
        }
        long value = from.segment.get(LONG, offset);
        VarHandle.acquireFence(); // a loop that polls must look again
        return value;
    }

    @Override
    public final long fetchAndOp(int target, long offset, Operator op, long operand) {
        return reachAligned(target, offset, Long.BYTES).fetchAndOpLong(offset, op, operand);
    }

    @Override
    public final int fetchAndOp(int target, long offset, Operator op, int operand) {
        return reachAligned(target, offset, Integer.BYTES).fetchAndOpInt(offset, op, operand);
    }

    @Override
    public final long compareAndExchange(int target, long offset, long expected, long value) {
        return reachAligned(target, offset, Long.BYTES).compareAndExchangeLong(offset, expected, value);
    }

    @Override
    public final int compareAndExchange(int target, long offset, int expected, int value) {
        return reachAligned(target, offset, Integer.BYTES).compareAndExchangeInt(offset, expected, value);
    }

    @Override
    public final void flush(int target) {
        Target to = reach(target, 0, 0);
        if (to.segment != null) {
            fence();
        } else {
            to.flush();
        }
    }

    @Override
    public final void flushAll() {
        if (!open) {
            throw window.closed(this);
        }
        fence();
        for (Target target : targets) {
            if (target.segment == null) {
                target.flush();
            }
        }
    }

    @Override
    public final void flushLocal(int target) {
        Target to = reach(target, 0, 0);
        if (to.segment == null) {
            to.flush();
        }
    }

    @Override
    public final void flushLocalAll() {
        if (!open) {
            throw window.closed(this);
        }
        for (Target target : targets) {
            if (target.segment == null) {
                target.flush();
            }
        }
    }
}
