package org.porthole.internal.check;

import java.util.List;

/// Compares what several origins have done with one rank's part of a window.
final class Comparison {
    private final String windowName;
    private final int target;
    private final boolean bulk;
    private final int[] worldRanks;
    private final LeaseTable leases;
    private final Findings findings;

    /// @param windowName what messages call the window
    /// @param target     the rank whose part it is
    /// @param bulk       whether the window's atomics take turns
    /// @param worldRanks the job's rank of each of the team's
    /// @param leases     those of the part
    /// @param findings   told of conflicts
    Comparison(String windowName, int target, boolean bulk, int[] worldRanks, LeaseTable leases, Findings findings) {
        this.windowName = windowName;
        this.target = target;
        this.bulk = bulk;
        this.worldRanks = worldRanks;
        this.leases = leases;
        this.findings = findings;
    }

    /// Finds accesses to the same bytes that conflict and that nothing orders.
    ///
    /// @param byOrigin what each rank of the team has done
    void compare(List<List<ReceivedSet>> byOrigin) {
        for (int first = 0; first < byOrigin.size(); first++) {
            for (int second = first + 1; second < byOrigin.size(); second++) {
                for (ReceivedSet a : byOrigin.get(first)) {
                    for (ReceivedSet b : byOrigin.get(second)) {
                        compare(first, a, second, b);
                    }
                }
            }
        }
    }

    private void compare(int first, ReceivedSet a, int second, ReceivedSet b) {
        if (isBefore(first, a, b) || isBefore(second, b, a) || !a.operation.conflictsWith(b.operation, bulk)) {
            return;
        }
        long[] common = firstCommon(a.runs, b.runs);
        if (common.length > 0) {
            report(first, a, second, b, common);
        }
    }

    /// Whether the rank that started `later` had heard that `earlier` was complete, or that the lease by which it was done was over.
    private boolean isBefore(int origin, ReceivedSet earlier, ReceivedSet later) {
        int owner = worldRanks[target];
        return later.start[worldRanks[origin]] >= earlier.done
                || (earlier.leased && later.start[owner] >= leases.endOf(origin, earlier.start[owner]));
    }

    private static long[] firstCommon(long[] a, long[] b) {
        int i = 0;
        int j = 0;
        while (i < a.length && j < b.length) {
            long begin = Math.max(a[i], b[j]);
            long end = Math.min(a[i + 1], b[j + 1]);
            if (begin < end) {
                return new long[] {begin, end};
            }
            if (a[i + 1] < b[j + 1]) {
                i += 2;
            } else {
                j += 2;
            }
        }
        return new long[0];
    }

    private void report(int first, ReceivedSet a, int second, ReceivedSet b, long[] common) {
        String one = a.operation.words() + " by rank " + first + " at " + a.site;
        String other = b.operation.words() + " by rank " + second + " at " + b.site;
        findings.compared(
                windowName + target + one + other,
                "conflict in window \"" + windowName + "\" on rank " + target + "'s part, bytes " + common[0] + " to "
                        + (common[1] - 1) + ": " + one + ", and " + other + ": nothing orders them"
                        + hint(first, a, second, b));
    }

    private static String hint(int first, ReceivedSet a, int second, ReceivedSet b) {
        if (a.done != Clock.NEVER && b.done != Clock.NEVER) {
            return "";
        }
        int late = a.done == Clock.NEVER ? first : second;
        return " (that of rank " + late + " was not complete when the ranks met: no flush)";
    }
}
