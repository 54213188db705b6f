package org.porthole.internal.window;

import static org.porthole.internal.window.WindowDescriptor.TURN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.internal.collective.TeamContext;
import org.porthole.internal.progress.Membership;
import org.porthole.internal.progress.Waiter;
import org.porthole.internal.route.Target;
import org.porthole.spi.Awaited;
import org.porthole.spi.ElementView;
import org.porthole.spi.Elements;
import org.porthole.spi.LoadStore;

/// The atomics on one rank's part of a window for bulk atomics, one after the other: adding to 128 doubles takes 45 ns in turn, and 500 ns one
/// by one.
///
/// The word names the rank whose turn it is; if that rank dies, the next that wants the turn takes it back. The elements that it had reached
/// are changed then, the others are not.
///
/// **Threads.** Any.
final class Turn implements Awaited {
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final long SLICE_NS = 20_000;

    private final MemorySegment control;
    private final int target;
    private final int me;
    private final String windowName;
    private final Membership membership;
    private final Waiter waiter;

    /// The turn on one rank's part.
    ///
    /// @param control    that rank's control memory, mapped here
    /// @param target     the rank
    /// @param rank       this rank
    /// @param windowName what diagnostics call the window
    /// @param membership who is gone
    /// @param waiter     how to wait
    Turn(MemorySegment control, int target, int rank, String windowName, Membership membership, Waiter waiter) {
        this.control = control;
        this.target = target;
        this.me = rank + 1;
        this.windowName = windowName;
        this.membership = membership;
        this.waiter = waiter;
    }

    /// The turns on all parts that are mapped here; null for the others.
    static Turn[] all(Target[] controls, String windowName, TeamContext context) {
        Turn[] made = new Turn[controls.length];
        for (int target = 0; target < made.length; target++) {
            MemorySegment words = controls[target].segment;
            if (words != null) {
                made[target] =
                        new Turn(words, target, context.rank(), windowName, context.membership(), context.waiter());
            }
        }
        return made;
    }

    private void take() {
        if ((int) INT.compareAndExchange(control, TURN, 0, me) != 0) {
            waiter.await(this);
        }
    }

    private void pass() {
        INT.setRelease(control, TURN, 0);
    }

    void accumulate(
            ElementView part,
            long offset,
            DataType type,
            Operator op,
            MemorySegment operands,
            long operandOffset,
            long length,
            MemorySegment result,
            long resultOffset) {
        take();
        try {
            if (result == null) {
                part.combine(type, op, offset, operands, operandOffset, length);
            } else {
                Elements.exchange(
                        type, op, part.segment(), offset, operands, operandOffset, length, result, resultOffset);
            }
        } finally {
            pass();
        }
    }

    long fetchAndOp(MemorySegment part, DataType type, long offset, Operator op, long operand) {
        take();
        try {
            return type == DataType.INT
                    ? LoadStore.fetchAndOp(part, offset, op, (int) operand)
                    : LoadStore.fetchAndOp(part, offset, op, operand);
        } finally {
            pass();
        }
    }

    long compareAndExchange(MemorySegment part, DataType type, long offset, long expected, long value) {
        take();
        try {
            return type == DataType.INT
                    ? LoadStore.compareAndExchange(part, offset, (int) expected, (int) value)
                    : LoadStore.compareAndExchange(part, offset, expected, value);
        } finally {
            pass();
        }
    }

    @Override
    public boolean isReady() {
        return (int) INT.compareAndExchange(control, TURN, 0, me) == 0;
    }

    /// Turns are short, and passing one on wakes nobody.
    @Override
    public void park(long timeoutNs) {
        LockSupport.parkNanos(Math.min(SLICE_NS, timeoutNs));
    }

    @Override
    public void checkPeers() {
        int holder = (int) INT.getVolatile(control, TURN);
        if (holder != 0 && membership.isGone(holder - 1)) {
            INT.compareAndSet(control, TURN, holder, 0);
        }
    }

    @Override
    public String describe() {
        int holder = (int) INT.getVolatile(control, TURN);
        return "rank " + (me - 1) + " waits for its turn at the atomics on rank " + target + "'s part of window \""
                + windowName + "\", which rank " + (holder - 1) + " has";
    }
}
