package org.porthole.internal.window;

import static org.porthole.internal.window.WindowDescriptor.SLEEPERS;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.porthole.Notifications;
import org.porthole.internal.collective.TeamContext;
import org.porthole.internal.route.Target;
import org.porthole.spi.Awaited;
import org.porthole.spi.LoadStore;
import org.porthole.spi.Memory;
import org.porthole.spi.SignalKind;

/// The counters of one window: this rank's to wait on, the peers' to raise.
///
/// Who sleeps does so on the bell, one word for all counters: a counter that is raised while somebody sleeps rings it.
///
/// **Threads.** Any.
public final class WindowNotifications implements Notifications {
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final int ANYBODY = -1;

    private final String windowName;
    private final int count;
    private final WindowDescriptor descriptor;
    private final TeamContext context;
    private final Memory memory;
    private final MemorySegment own;
    private final Target[] targets;
    /// What the last wait was done with; a thread that finds none makes its own.
    private final AtomicReference<Wait> spare = new AtomicReference<>();

    /// The counters of a window.
    ///
    /// @param windowName what diagnostics call it
    /// @param count      how many each rank has
    /// @param descriptor where they lie
    /// @param context    the team's job
    /// @param memory     this rank's control memory
    /// @param targets    that of all ranks
    WindowNotifications(
            String windowName,
            int count,
            WindowDescriptor descriptor,
            TeamContext context,
            Memory memory,
            Target[] targets) {
        this.windowName = windowName;
        this.count = count;
        this.descriptor = descriptor;
        this.context = context;
        this.memory = memory;
        own = memory.segment();
        this.targets = targets;
    }

    /// Raises a counter of a rank, after what was put there before.
    ///
    /// @param target the rank
    /// @param id     the counter
    /// @param delta  what to add
    /// @param mapped whether the data was put by this CPU; control memory is reached by the same way
    void raise(int target, int id, long delta, boolean mapped) {
        long offset = offset(id);
        Target control = targets[target];
        if (!mapped) {
            control.endpoint.signal(control.remote, offset, SignalKind.ADD, delta);
            return;
        }
        LoadStore.signal(control.segment, offset, SignalKind.ADD, delta);
        VarHandle.fullFence(); // before the sleepers are looked at; free after an atomic addition on x86
        if ((int) INT.getOpaque(control.segment, SLEEPERS) != 0) {
            ring(control.memory, descriptor);
        }
    }

    /// Wakes whoever waits for a counter.
    static void ring(Memory control, WindowDescriptor descriptor) {
        INT.getAndAdd(control.segment(), descriptor.bell(), 1);
        control.unpark(descriptor.bell());
    }

    private long offset(int id) {
        if (id < 0 || id >= count) {
            throw new IndexOutOfBoundsException("notification " + id + " of window \"" + windowName + "\", which has "
                    + count + " (WindowSpec.withNotifications)");
        }
        return descriptor.notification(id);
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public long get(int id) {
        return (long) LONG.getAcquire(own, offset(id));
    }

    @Override
    public long reset(int id) {
        return (long) LONG.getAndSet(own, offset(id), 0L);
    }

    @Override
    public long await(int id, long value) {
        return await(id, value, ANYBODY);
    }

    @Override
    public long await(int id, long value, int from) {
        long now = get(id);
        if (now < value) {
            if (from != ANYBODY) {
                Objects.checkIndex(from, context.size());
            }
            await(id, 1, value, from);
            now = get(id);
        }
        return now;
    }

    @Override
    public int testAny(int first, int number) {
        if (number < 1) {
            throw new IndexOutOfBoundsException("any of " + number + " notifications");
        }
        offset(first);
        offset(first + number - 1);
        return look(first, number);
    }

    private int look(int first, int number) {
        for (int id = first; id < first + number; id++) {
            if ((long) LONG.getAcquire(own, descriptor.notification(id)) != 0) {
                return id;
            }
        }
        return -1;
    }

    @Override
    public int awaitAny(int first, int number) {
        int found = testAny(first, number);
        if (found < 0) {
            found = await(first, number, 0, ANYBODY);
        }
        return found;
    }

    /// Waits for one counter to reach `least`, or, where that is 0, for any of several to be other than 0.
    ///
    /// @return which was, of several
    private int await(int first, int number, long least, int from) {
        Wait kept = spare.getAndSet(null);
        Wait wait = kept == null ? new Wait() : kept;
        wait.first = first;
        wait.number = number;
        wait.least = least;
        wait.from = from;
        context.waiter().await(wait);
        int found = wait.found;
        spare.set(wait);
        return found;
    }

    /// One wait of one thread.
    private final class Wait implements Awaited {
        private int first;
        private int number;
        private long least;
        private int from;
        private int found;

        @Override
        public boolean isReady() {
            if (least != 0) {
                return (long) LONG.getAcquire(own, descriptor.notification(first)) >= least;
            }
            found = look(first, number);
            return found >= 0;
        }

        @Override
        public void park(long timeoutNs) {
            INT.getAndAdd(own, SLEEPERS, 1);
            try {
                int bell = (int) INT.getVolatile(own, descriptor.bell());
                if (!isReady()) {
                    memory.park(descriptor.bell(), bell, timeoutNs);
                }
            } finally {
                INT.getAndAdd(own, SLEEPERS, -1);
            }
        }

        @Override
        public void checkPeers() {
            if (from != ANYBODY) {
                requireAlive(from);
                return;
            }
            for (int rank = 0; rank < context.size(); rank++) {
                if (!context.membership().isGone(rank) && (rank != context.rank() || context.size() == 1)) {
                    return;
                }
            }
            requireAlive(context.rank() == 0 ? 1 : 0);
        }

        private void requireAlive(int rank) {
            // In this order: a rank may raise the counter and end.
            if (context.membership().isGone(rank) && !isReady()) {
                throw context.membership().failure(rank, describe());
            }
        }

        @Override
        public String describe() {
            String what = number == 1
                    ? "notification " + first
                    : "any of notifications " + first + " to " + (first + number - 1);
            String whom = from == ANYBODY ? "any rank" : "rank " + from;
            String much = least > 1 ? ", now " + get(first) + ", to reach " + least : "";
            return "rank " + context.rank() + " waits for " + what + " of window \"" + windowName + "\" from " + whom
                    + much;
        }
    }
}
