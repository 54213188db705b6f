package org.porthole.cli.perf;

import java.lang.foreign.MemorySegment;
import org.porthole.Access;
import org.porthole.DataType;
import org.porthole.Operator;

/// The loop of sums onto another rank's doubles. Rank 0 runs it.
///
/// @param access covers the target, in a window for bulk atomics
/// @param target the rank
/// @param bytes  the operands
record AccumulateKernel(Access access, int target, MemorySegment bytes) implements Kernel {
    @Override
    public void run(int n) {
        for (int i = 0; i < n; i++) {
            access.accumulate(target, 0, DataType.DOUBLE, Operator.SUM, bytes);
            access.flush(target);
        }
    }
}
