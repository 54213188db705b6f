package org.porthole.internal.port;

import java.lang.foreign.MemorySegment;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.spi.Memory;
import org.porthole.spi.SignalKind;
import org.porthole.spi.TargetAtomics;

/// What arrives by message for a ring, or for the post office: a signal wakes this rank's sleepers.
final class RingAtomics implements TargetAtomics {
    private final TargetAtomics words;
    private final Bell bell;
    private final long base;

    /// @param base from which offset on signals ring the bell
    RingAtomics(Memory memory, Bell bell, long base) {
        this.bell = bell;
        this.base = base;
        words = TargetAtomics.of(memory);
    }

    @Override
    public long fetchAndOp(DataType type, long offset, Operator op, long operand) {
        return words.fetchAndOp(type, offset, op, operand);
    }

    @Override
    public long compareAndExchange(DataType type, long offset, long expected, long value) {
        return words.compareAndExchange(type, offset, expected, value);
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
        words.accumulate(type, offset, op, operands, operandOffset, length, result, resultOffset);
    }

    @Override
    public void signal(long offset, SignalKind kind, long value) {
        words.signal(offset, kind, value);
        if (offset >= base) {
            bell.wakeAll();
        }
    }
}
