package org.porthole.internal.collective;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.porthole.DataType;
import org.porthole.Operator;

/// Combines arrays of elements in memory.
final class Reduction {
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

    private Reduction() {}

    /// Replaces each element of `into` by itself combined with that of `from`.
    static void apply(
            DataType type,
            Operator op,
            MemorySegment into,
            long intoOffset,
            MemorySegment from,
            long fromOffset,
            long byteSize) {
        switch (type) {
            case BYTE -> {
                for (long i = 0; i < byteSize; i++) {
                    into.set(BYTE, intoOffset + i, (byte)
                            op.apply(into.get(BYTE, intoOffset + i), from.get(BYTE, fromOffset + i)));
                }
            }
            case SHORT -> {
                for (long i = 0; i < byteSize; i += Short.BYTES) {
                    into.set(SHORT, intoOffset + i, (short)
                            op.apply(into.get(SHORT, intoOffset + i), from.get(SHORT, fromOffset + i)));
                }
            }
            case INT -> {
                for (long i = 0; i < byteSize; i += Integer.BYTES) {
                    into.set(INT, intoOffset + i, (int)
                            op.apply((long) into.get(INT, intoOffset + i), from.get(INT, fromOffset + i)));
                }
            }
            case LONG -> {
                for (long i = 0; i < byteSize; i += Long.BYTES) {
                    into.set(
                            LONG,
                            intoOffset + i,
                            op.apply(into.get(LONG, intoOffset + i), from.get(LONG, fromOffset + i)));
                }
            }
            case FLOAT -> {
                for (long i = 0; i < byteSize; i += Float.BYTES) {
                    into.set(FLOAT, intoOffset + i, (float)
                            op.apply((double) into.get(FLOAT, intoOffset + i), from.get(FLOAT, fromOffset + i)));
                }
            }
            case DOUBLE -> doubles(op, into, intoOffset, from, fromOffset, byteSize);
        }
    }

    private static void doubles(
            Operator op, MemorySegment into, long intoOffset, MemorySegment from, long fromOffset, long byteSize) {
        if (op == Operator.SUM) {
            for (long i = 0; i < byteSize; i += Double.BYTES) {
                into.set(DOUBLE, intoOffset + i, into.get(DOUBLE, intoOffset + i) + from.get(DOUBLE, fromOffset + i));
            }
            return;
        }
        for (long i = 0; i < byteSize; i += Double.BYTES) {
            into.set(
                    DOUBLE,
                    intoOffset + i,
                    op.apply(into.get(DOUBLE, intoOffset + i), from.get(DOUBLE, fromOffset + i)));
        }
    }
}
