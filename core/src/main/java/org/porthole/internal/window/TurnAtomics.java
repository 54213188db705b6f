package org.porthole.internal.window;

import java.lang.foreign.MemorySegment;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.spi.ElementView;
import org.porthole.spi.Memory;
import org.porthole.spi.SignalKind;
import org.porthole.spi.TargetAtomics;

/// Atomics that arrive for this rank's part of a window for bulk atomics: they take turns with those of everybody else.
final class TurnAtomics implements TargetAtomics {
    private final ElementView part;
    private final Turn turn;
    private final TargetAtomics single;

    TurnAtomics(Memory memory, Turn turn) {
        part = new ElementView(memory.segment());
        this.turn = turn;
        single = TargetAtomics.of(memory);
    }

    @Override
    public long fetchAndOp(DataType type, long offset, Operator op, long operand) {
        return turn.fetchAndOp(part.segment(), type, offset, op, operand);
    }

    @Override
    public long compareAndExchange(DataType type, long offset, long expected, long value) {
        return turn.compareAndExchange(part.segment(), type, offset, expected, value);
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
        turn.accumulate(part, offset, type, op, operands, operandOffset, length, result, resultOffset);
    }

    @Override
    public void signal(long offset, SignalKind kind, long value) {
        single.signal(offset, kind, value);
    }
}
