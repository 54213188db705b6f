package org.porthole.internal.window;

import java.lang.foreign.MemorySegment;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.Region;
import org.porthole.internal.route.Target;

/// Operations between regions, run by run.
///
/// **Threads.** One; each has its own.
final class RegionCopy {
    private static final ThreadLocal<RegionCopy> OF_THREAD = ThreadLocal.withInitial(RegionCopy::new);

    private final Region.Cursor remote = new Region.Cursor();
    private final Region.Cursor local = new Region.Cursor();
    private final Region.Cursor result = new Region.Cursor();

    private RegionCopy() {}

    static RegionCopy ofThread() {
        return OF_THREAD.get();
    }

    void put(Target target, Region to, MemorySegment source, Region from) {
        remote.start(to);
        local.start(from);
        target.startRuns();
        try {
            for (long left = to.byteSize(); left > 0; ) {
                long run = Math.min(remote.run(), local.run());
                target.put(remote.position(), source, local.position(), run);
                remote.advance(run);
                local.advance(run);
                left -= run;
            }
        } finally {
            target.endRuns();
        }
    }

    /// @param before receives the elements before; null if they are not wanted
    /// @param into   where in it; `from` if they are not
    void accumulate(
            WindowAccess access,
            int rank,
            Target target,
            Region at,
            DataType type,
            Operator op,
            MemorySegment source,
            Region from,
            MemorySegment before,
            Region into) {
        remote.start(at);
        local.start(from);
        result.start(into);
        for (long left = at.byteSize(); left > 0; ) {
            long run = Math.min(Math.min(remote.run(), local.run()), result.run());
            access.combineRun(
                    rank,
                    target,
                    remote.position(),
                    type,
                    op,
                    source,
                    local.position(),
                    run,
                    before,
                    result.position());
            remote.advance(run);
            local.advance(run);
            result.advance(run);
            left -= run;
        }
    }

    void get(Target target, Region from, MemorySegment destination, Region to) {
        remote.start(from);
        local.start(to);
        target.startRuns();
        try {
            for (long left = from.byteSize(); left > 0; ) {
                long run = Math.min(remote.run(), local.run());
                target.get(remote.position(), destination, local.position(), run);
                remote.advance(run);
                local.advance(run);
                left -= run;
            }
        } finally {
            target.endRuns();
        }
    }
}
