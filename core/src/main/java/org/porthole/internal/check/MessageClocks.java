package org.porthole.internal.check;

import org.porthole.Team;
import org.porthole.internal.progress.MessageOrder;

/// The clocks of messages between ports: at each rank one for each that sends to it.
///
/// **Threads.** Any.
final class MessageClocks implements MessageOrder {
    private final RaceCheck check;
    private final ClockMemory memory;
    private final int me;
    /// The clock's version that was told last, by rank.
    private final long[] told;

    /// Collective.
    ///
    /// @param world all ranks; not checked itself
    MessageClocks(RaceCheck check, Team world) {
        this.check = check;
        me = world.rank();
        memory = new ClockMemory(world, check.clock, world.size());
        told = new long[world.size()];
    }

    /// What was put to the receiver before the message is there before it.
    @Override
    public void telling(int to) {
        if (to == me) {
            return;
        }
        synchronized (check) {
            check.sites.refresh();
            check.windows.forEach(window -> window.completeAt(to));
            check.clock.release();
            if (told[to] != check.clock.version()) {
                memory.publish(to, me);
                told[to] = check.clock.version();
            }
        }
    }

    @Override
    public void heard(int from) {
        if (from == me) {
            return;
        }
        synchronized (check) {
            check.sites.refresh();
            memory.collectOwn(from);
        }
    }
}
