package org.porthole.internal.check;

import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.porthole.Access;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.PeerFailedException;
import org.porthole.PortholeException;
import org.porthole.Team;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// Clocks in a window of the runtime's own, beside what they are the clocks of: whoever releases something raises the clock there before, and whoever
/// acquires it reads the clock afterwards. So they need no message and no target that takes part, on any transport.
///
/// Clocks only grow. One that is read a little later than necessary tells more than was synchronised, which hides a conflict and makes none up.
///
/// What fails here fails the program's own operations on the same rank too; the check leaves it to them to say so.
///
/// **Threads.** One of the rank at a time.
final class ClockMemory {
    private static final System.Logger LOG = System.getLogger(Findings.LOGGER);

    private final Window window;
    private final Access access;
    private final Clock clock;
    private final int me;
    private final MemorySegment mine;
    private final MemorySegment[] theirs;
    private final long bytes;

    /// Collective.
    ///
    /// @param team       opens it; not checked itself
    /// @param clock      this rank's
    /// @param count      how many clocks each rank has
    ClockMemory(Team team, Clock clock, long count) {
        this.clock = clock;
        me = team.rank();
        bytes = (long) clock.size() * Long.BYTES;
        window = team.openWindow(WindowSpec.ofBytes(count * bytes).named("porthole-check"));
        access = lockAll();
        Arena arena = Arena.ofAuto();
        mine = arena.allocate(bytes, Long.BYTES);
        theirs = new MemorySegment[team.size()];
        for (int rank = 0; rank < theirs.length; rank++) {
            theirs[rank] = arena.allocate(bytes, Long.BYTES);
        }
    }

    /// Null if a rank is gone already: then its team is about to end.
    private Access lockAll() {
        try {
            return window.lockAll();
        } catch (PeerFailedException e) {
            ignore(e);
            return null;
        }
    }

    /// Raises a clock at a rank to this rank's.
    void publish(int target, long index) {
        if (access == null) {
            return;
        }
        for (int i = 0; i < clock.size(); i++) {
            mine.setAtIndex(ValueLayout.JAVA_LONG, i, clock.component(i));
        }
        try {
            access.accumulate(target, index * bytes, DataType.LONG, Operator.MAX, mine);
            access.flush(target);
        } catch (PortholeException | IllegalStateException e) {
            ignore(e);
        }
    }

    /// Hears what a clock at a rank tells.
    void collect(int target, long index) {
        if (access == null) {
            return;
        }
        try {
            if (clock.size() <= 4) {
                for (int i = 0; i < clock.size(); i++) {
                    clock.hear(i, access.getLong(target, index * bytes + (long) i * Long.BYTES));
                }
                return;
            }
            access.get(target, index * bytes, theirs[target]);
            access.flushLocal(target);
            hear(theirs[target]);
        } catch (PortholeException | IllegalStateException e) {
            ignore(e);
        }
    }

    /// Hears what a clock of this rank's own memory tells.
    void collectOwn(long index) {
        collect(me, index);
    }

    /// Hears what the clocks of several ranks tell, all asked at once.
    void collect(boolean[] from, long index) {
        if (access == null) {
            return;
        }
        for (int rank = 0; rank < theirs.length; rank++) {
            if (from[rank]) {
                try {
                    access.get(rank, index * bytes, theirs[rank]);
                } catch (PortholeException | IllegalStateException e) {
                    ignore(e);
                }
            }
        }
        for (int rank = 0; rank < theirs.length; rank++) {
            if (from[rank]) {
                try {
                    access.flushLocal(rank);
                    hear(theirs[rank]);
                } catch (PortholeException | IllegalStateException e) {
                    ignore(e);
                }
            }
        }
    }

    private void hear(MemorySegment told) {
        for (int i = 0; i < clock.size(); i++) {
            clock.hear(i, told.getAtIndex(ValueLayout.JAVA_LONG, i));
        }
    }

    private static void ignore(RuntimeException e) {
        LOG.log(Level.DEBUG, "a clock cannot be reached", e); // the program's own operation on that rank says it
    }

    /// Collective.
    void close() {
        try {
            window.close();
        } catch (PortholeException | IllegalStateException e) {
            ignore(e);
        }
    }
}
