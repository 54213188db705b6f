package org.porthole.cli.perf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.porthole.Access;
import org.porthole.Operator;
import org.porthole.Team;
import org.porthole.Window;

/// Before anything is measured: whether bytes that are put and got are really there.
///
/// @param team   the ranks
/// @param window of [Slots#WINDOW] bytes on each
/// @param local  as many bytes here
record ByteCheck(Team team, Window window, MemorySegment local) {
    private static final int LENGTH = 1 << 16;
    private static final long OFFSET = 128;

    /// Collective. Puts a pattern from rank 0 into the window of rank 1, looks at it there, and gets it back.
    ///
    /// @throws IllegalStateException on all ranks, if a byte is wrong
    void run() {
        MemorySegment pattern = local.asSlice(0, LENGTH);
        MemorySegment back = local.asSlice(LENGTH, LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            pattern.set(ValueLayout.JAVA_BYTE, i, (byte) (i * 31 + 7));
        }
        if (team.rank() == 0) {
            try (Access access = window.lockAll()) {
                access.put(1, OFFSET, pattern);
                access.flush(1);
                access.get(1, OFFSET, back);
            }
        }
        team.barrier();
        long wrong = -1;
        if (team.rank() == 0) {
            wrong = pattern.mismatch(back);
        } else if (team.rank() == 1) {
            wrong = pattern.mismatch(window.local().asSlice(OFFSET, LENGTH));
            window.expose();
        }
        wrong = team.allreduce(wrong, Operator.MAX);
        if (wrong >= 0) {
            throw new IllegalStateException("a put or get from rank 0 to rank 1 has byte " + wrong + " wrong");
        }
        local.fill((byte) 0);
    }
}
