package org.porthole.internal.window;

import java.lang.foreign.MemorySegment;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.spi.Memory;
import org.porthole.spi.SignalKind;
import org.porthole.spi.TargetAtomics;

/// What arrives for a window's control memory: a counter that is raised rings the bell.
final class ControlAtomics implements TargetAtomics {
    private final Memory memory;
    private final WindowDescriptor descriptor;
    private final TargetAtomics words;

    ControlAtomics(Memory memory, WindowDescriptor descriptor) {
        this.memory = memory;
        this.descriptor = descriptor;
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
        if (offset >= descriptor.notification(0)) {
            WindowNotifications.ring(memory, descriptor);
        }
    }
}
