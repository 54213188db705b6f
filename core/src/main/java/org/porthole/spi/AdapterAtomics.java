package org.porthole.spi;

import java.lang.foreign.MemorySegment;
import org.porthole.DataType;
import org.porthole.Operator;

/// Refuses what only an adapter may do.
final class AdapterAtomics implements TargetAtomics {
    private static IllegalStateException refusal() {
        return new IllegalStateException("atomics on this memory are the adapter's alone");
    }

    @Override
    public long fetchAndOp(DataType type, long offset, Operator op, long operand) {
        throw refusal();
    }

    @Override
    public long compareAndExchange(DataType type, long offset, long expected, long value) {
        throw refusal();
    }

    @Override
    public void accumulate(
            DataType type,
            long offset,
            Operator op,
            MemorySegment operands,
            long operandOffset,
            long length,
            MemorySegment result,
            long resultOffset) {
        throw refusal();
    }

    @Override
    public void signal(long offset, SignalKind kind, long value) {
        throw refusal();
    }
}
