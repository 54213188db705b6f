package org.porthole.examples;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.porthole.Job;
import org.porthole.Operator;

/// Checks keys that are spread over all ranks and should be in order.
final class SortedKeys {
    private SortedKeys() {}

    /// Collective. Insists that every rank's keys are in order, that none is above the next rank's first, and that none was lost or changed.
    ///
    /// @param sorted    this rank's
    /// @param keys      how many there should be in all
    /// @param sumBefore the sum of those that this rank has given
    static void verify(Job job, long[] sorted, long keys, long sumBefore) {
        boolean inOrder = true;
        for (int i = 1; i < sorted.length; i++) {
            inOrder &= sorted[i - 1] <= sorted[i];
        }
        Example.verify(job, inOrder, "keys are out of order");

        long[] ends = new long[2 * job.size()]; // first and last of each rank that has any
        long[] mine = sorted.length == 0
                ? new long[] {Long.MAX_VALUE, Long.MIN_VALUE}
                : new long[] {sorted[0], sorted[sorted.length - 1]};
        job.world().allgather(MemorySegment.ofArray(mine), MemorySegment.ofArray(ends));
        long highest = Long.MIN_VALUE; // of the ranks below
        for (int rank = 0; rank < job.rank(); rank++) {
            highest = Math.max(highest, ends[2 * rank + 1]);
        }
        Example.verify(job, mine[0] >= highest, "the first key belongs to a lower rank");

        long count = job.world().allreduce(sorted.length, Operator.SUM);
        long change = job.world().allreduce(Arrays.stream(sorted).sum() - sumBefore, Operator.SUM);
        Example.verify(job, count == keys && change == 0, count + " of " + keys + " keys, their sum off by " + change);
    }
}
