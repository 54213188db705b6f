package org.porthole.spi;

import java.lang.foreign.MemorySegment;
import org.porthole.DataType;
import org.porthole.Operator;

/// Atomics by the CPU's own instructions.
final class LoadStoreAtomics implements TargetAtomics {
    private final Memory memory;
    private final MemorySegment segment;

    LoadStoreAtomics(Memory memory) {
        this.memory = memory;
        segment = memory.segment();
    }

    @Override
    public long fetchAndOp(DataType type, long offset, Operator op, long operand) {
        return type == DataType.INT
                ? LoadStore.fetchAndOp(segment, offset, op, (int) operand)
                : LoadStore.fetchAndOp(segment, offset, op, operand);
    }

    @Override
    public long compareAndExchange(DataType type, long offset, long expected, long value) {
        return type == DataType.INT
                ? LoadStore.compareAndExchange(segment, offset, (int) expected, (int) value)
                : LoadStore.compareAndExchange(segment, offset, expected, value);
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
        LoadStore.accumulate(segment, offset, type, op, operands, operandOffset, length, result, resultOffset);
    }

    @Override
    public void signal(long offset, SignalKind kind, long value) {
        LoadStore.signal(segment, offset, kind, value);
        memory.unpark(offset);
    }
}
