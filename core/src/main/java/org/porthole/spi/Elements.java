package org.porthole.spi;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.porthole.DataType;
import org.porthole.Operator;

/// Typed elements in memory, in the host's byte order and at any alignment, combined without atomicity.
///
/// **Threads.** Any; the caller keeps others away.  **Cost.** No allocation.
public final class Elements {
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

    private Elements() {}

    /// Replaces each element of `into` by `op` of itself and that of `from`.
    ///
    /// @param type       their type
    /// @param op         what to do; defined for `type`
    /// @param into       where the elements are
    /// @param intoOffset the first one's offset, in bytes
    /// @param from       where the operands are; must not overlap `into` but in the very same range
    /// @param fromOffset the first one's offset, in bytes
    /// @param byteSize   how many bytes, a multiple of the element's size
    public static void combine(
            DataType type,
            Operator op,
            MemorySegment into,
            long intoOffset,
            MemorySegment from,
            long fromOffset,
            long byteSize) {
        if (op == Operator.REPLACE) {
            LoadStore.copy(from, fromOffset, into, intoOffset, byteSize);
            return;
        }
        if (type == DataType.DOUBLE
                && op == Operator.SUM
                && into.getClass() == LoadStore.NATIVE
                && from.getClass() == LoadStore.NATIVE) {
            sumDoubles(into, intoOffset, from, fromOffset, byteSize);
            return;
        }
        long byBlocks = 0;
        if (byteSize >= ElementBlocks.WORTH && op != Operator.NO_OP) {
            byBlocks = combineBlocks(type, op, into, intoOffset, from, fromOffset, byteSize);
        }
        int step = type.byteSize();
        for (long i = byBlocks; i < byteSize; i += step) {
            long element = bits(type, into, intoOffset + i);
            setBits(type, into, intoOffset + i, apply(type, op, element, bits(type, from, fromOffset + i)));
        }
    }

    /// @return how many bytes were combined
    private static long combineBlocks(
            DataType type,
            Operator op,
            MemorySegment into,
            long intoOffset,
            MemorySegment from,
            long fromOffset,
            long byteSize) {
        boolean bitwise = !type.isFloating() && !op.isDefinedFor(DataType.DOUBLE);
        long size = bitwise ? byteSize & -Long.BYTES : byteSize;
        ElementBlocks blocks = ElementBlocks.ofThread();
        switch (bitwise ? DataType.LONG : type) {
            case INT -> blocks.combineInts(op, into, intoOffset, from, fromOffset, size);
            case LONG -> blocks.combineLongs(op, into, intoOffset, from, fromOffset, size);
            case FLOAT -> blocks.combineFloats(op, into, intoOffset, from, fromOffset, size);
            case DOUBLE -> blocks.combineDoubles(op, into, intoOffset, from, fromOffset, size);
            case BYTE, SHORT -> size = 0;
        }
        return size;
    }

    /// For most of all reductions one addition per cycle is as fast as the copies that vector instructions would need.
    private static void sumDoubles(
            MemorySegment into, long intoOffset, MemorySegment from, long fromOffset, long byteSize) {
        for (long i = 0; i < byteSize; i += Double.BYTES) {
            into.set(DOUBLE, intoOffset + i, into.get(DOUBLE, intoOffset + i) + from.get(DOUBLE, fromOffset + i));
        }
    }

    /// Replaces each element of `into` by `op` of itself and that of `from`, and stores what it was.
    ///
    /// @param type         their type
    /// @param op           what to do; defined for `type`
    /// @param into         where the elements are
    /// @param intoOffset   the first one's offset, in bytes
    /// @param from         where the operands are
    /// @param fromOffset   the first one's offset, in bytes
    /// @param byteSize     how many bytes, a multiple of the element's size
    /// @param result       receives the elements before; may be `from` in the same range
    /// @param resultOffset where in it
    public static void exchange(
            DataType type,
            Operator op,
            MemorySegment into,
            long intoOffset,
            MemorySegment from,
            long fromOffset,
            long byteSize,
            MemorySegment result,
            long resultOffset) {
        int step = type.byteSize();
        for (long i = 0; i < byteSize; i += step) {
            long element = bits(type, into, intoOffset + i);
            long operand = bits(type, from, fromOffset + i);
            setBits(type, result, resultOffset + i, element);
            setBits(type, into, intoOffset + i, apply(type, op, element, operand));
        }
    }

    /// An element's bits: integers sign-extended, floating point as raw bits.
    static long bits(DataType type, MemorySegment from, long offset) {
        return switch (type) {
            case BYTE -> from.get(BYTE, offset);
            case SHORT -> from.get(SHORT, offset);
            case INT -> from.get(INT, offset);
            case LONG -> from.get(LONG, offset);
            case FLOAT -> Float.floatToRawIntBits(from.get(FLOAT, offset));
            case DOUBLE -> Double.doubleToRawLongBits(from.get(DOUBLE, offset));
        };
    }

    static void setBits(DataType type, MemorySegment to, long offset, long bits) {
        switch (type.byteSize()) {
            case Byte.BYTES -> to.set(BYTE, offset, (byte) bits);
            case Short.BYTES -> to.set(SHORT, offset, (short) bits);
            case Integer.BYTES -> to.set(INT, offset, (int) bits);
            default -> to.set(LONG, offset, bits);
        }
    }

    /// Combines two elements given as [#bits(DataType, MemorySegment, long)]; integers are cut to their size when they are stored.
    static long apply(DataType type, Operator op, long current, long operand) {
        if (op == Operator.REPLACE || op == Operator.NO_OP) {
            return op == Operator.REPLACE ? operand : current; // bit for bit, NaNs too
        }
        return switch (type) {
            case BYTE, SHORT, INT, LONG -> op.apply(current, operand);
            case FLOAT -> {
                // A product or sum of two floats is exact enough in double that rounding twice changes nothing.
                double after =
                        op.apply((double) Float.intBitsToFloat((int) current), Float.intBitsToFloat((int) operand));
                yield Float.floatToRawIntBits((float) after);
            }
            case DOUBLE ->
                Double.doubleToRawLongBits(
                        op.apply(Double.longBitsToDouble(current), Double.longBitsToDouble(operand)));
        };
    }
}
