package org.porthole.spi;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.porthole.DataType;
import org.porthole.Operator;

/// One-sided operations by the CPU itself, on memory that is mapped here: what in-process and shared-memory transports do, and what the
/// runtime does on any [RemoteMemory#mapped()].
///
/// Segments are native, or over heap arrays where a source or destination is meant. The caller has checked the ranges.
///
/// **Threads.** Any.  **Cost.** No allocation.
public final class LoadStore {
    private static final ValueLayout.OfLong ANY_LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfInt ANY_INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final ValueLayout.OfShort ANY_SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    /// Longest single copy, in bytes: a longer one would hold up a safepoint (a 2 GiB copy does so for 109 ms).
    private static final long PIECE = 1L << 20;

    /// The class of native segments, mapped files excepted.
    static final Class<?> NATIVE = MemorySegment.ofAddress(0).getClass();

    private LoadStore() {}

    /// Copies bytes. Aligned ones of 1, 2, 4 or 8 bytes are loaded and stored whole: on every platform of ours an unaligned access that
    /// happens to be aligned is one instruction.
    ///
    /// @param source            where from
    /// @param sourceOffset      first byte read
    /// @param destination       where to
    /// @param destinationOffset first byte written
    /// @param length            how many bytes
    public static void copy(
            MemorySegment source, long sourceOffset, MemorySegment destination, long destinationOffset, long length) {
        // Knowing the class, the JIT needs no type profile, which all users of segments in the JVM share, and the code
        // stays small enough to be
        // inlined.
        if (source.getClass() != NATIVE || destination.getClass() != NATIVE) {
            copyAny(source, sourceOffset, destination, destinationOffset, length);
        } else if (length == Long.BYTES) {
            destination.set(ANY_LONG, destinationOffset, source.get(ANY_LONG, sourceOffset));
        } else if (length > Long.BYTES && length < CopyNative.WORTH) {
            MemorySegment.copy(source, sourceOffset, destination, destinationOffset, length);
        } else if (length >= CopyNative.WORTH) {
            copyLong(source, sourceOffset, destination, destinationOffset, length);
        } else {
            copyAny(source, sourceOffset, destination, destinationOffset, length);
        }
    }

    private static void copyLong(
            MemorySegment source, long sourceOffset, MemorySegment destination, long destinationOffset, long length) {
        for (long done = 0; done < length; done += PIECE) {
            CopyNative.copy(
                    source, sourceOffset + done, destination, destinationOffset + done, Math.min(PIECE, length - done));
        }
    }

    private static void copyAny(
            MemorySegment source, long sourceOffset, MemorySegment destination, long destinationOffset, long length) {
        if (length > PIECE) {
            copyInPieces(source, sourceOffset, destination, destinationOffset, length);
        } else if (length > Long.BYTES) {
            MemorySegment.copy(source, sourceOffset, destination, destinationOffset, length);
        } else {
            copySmall(source, sourceOffset, destination, destinationOffset, length);
        }
    }

    private static void copySmall(
            MemorySegment source, long sourceOffset, MemorySegment destination, long destinationOffset, long length) {
        switch ((int) length) {
            case 8 -> destination.set(ANY_LONG, destinationOffset, source.get(ANY_LONG, sourceOffset));
            case 4 -> destination.set(ANY_INT, destinationOffset, source.get(ANY_INT, sourceOffset));
            case 2 -> destination.set(ANY_SHORT, destinationOffset, source.get(ANY_SHORT, sourceOffset));
            default -> MemorySegment.copy(source, sourceOffset, destination, destinationOffset, length);
        }
    }

    private static void copyInPieces(
            MemorySegment source, long sourceOffset, MemorySegment destination, long destinationOffset, long length) {
        for (long done = 0; done < length; done += PIECE) {
            MemorySegment.copy(
                    source, sourceOffset + done, destination, destinationOffset + done, Math.min(PIECE, length - done));
        }
    }

    /// Atomically applies an operator to a 64-bit integer. A full fence.
    ///
    /// @param memory  where it is
    /// @param offset  its offset, a multiple of 8
    /// @param op      what to do
    /// @param operand the operand
    /// @return the value before
    public static long fetchAndOp(MemorySegment memory, long offset, Operator op, long operand) {
        return switch (op) {
            case SUM -> (long) LONG.getAndAdd(memory, offset, operand);
            case AND -> (long) LONG.getAndBitwiseAnd(memory, offset, operand);
            case OR -> (long) LONG.getAndBitwiseOr(memory, offset, operand);
            case XOR -> (long) LONG.getAndBitwiseXor(memory, offset, operand);
            case REPLACE -> (long) LONG.getAndSet(memory, offset, operand);
            case NO_OP -> (long) LONG.getVolatile(memory, offset);
            case PRODUCT, MIN, MAX -> fetchAndLoop(memory, offset, op, operand);
        };
    }

    private static long fetchAndLoop(MemorySegment memory, long offset, Operator op, long operand) {
        long before = (long) LONG.getVolatile(memory, offset);
        for (; ; ) {
            long witness = (long) LONG.compareAndExchange(memory, offset, before, op.apply(before, operand));
            if (witness == before) {
                return before;
            }
            before = witness;
        }
    }

    /// Atomically applies an operator to a 32-bit integer. A full fence.
    ///
    /// @param memory  where it is
    /// @param offset  its offset, a multiple of 4
    /// @param op      what to do
    /// @param operand the operand
    /// @return the value before
    public static int fetchAndOp(MemorySegment memory, long offset, Operator op, int operand) {
        return switch (op) {
            case SUM -> (int) INT.getAndAdd(memory, offset, operand);
            case AND -> (int) INT.getAndBitwiseAnd(memory, offset, operand);
            case OR -> (int) INT.getAndBitwiseOr(memory, offset, operand);
            case XOR -> (int) INT.getAndBitwiseXor(memory, offset, operand);
            case REPLACE -> (int) INT.getAndSet(memory, offset, operand);
            case NO_OP -> (int) INT.getVolatile(memory, offset);
            case PRODUCT, MIN, MAX -> fetchAndLoop(memory, offset, op, operand);
        };
    }

    private static int fetchAndLoop(MemorySegment memory, long offset, Operator op, int operand) {
        int before = (int) INT.getVolatile(memory, offset);
        for (; ; ) {
            int witness = (int) INT.compareAndExchange(memory, offset, before, (int) op.apply(before, operand));
            if (witness == before) {
                return before;
            }
            before = witness;
        }
    }

    /// Atomically exchanges a 64-bit integer if it has the expected value. A full fence.
    ///
    /// @param memory   where it is
    /// @param offset   its offset, a multiple of 8
    /// @param expected what must be there
    /// @param value    what to store
    /// @return the value before
    public static long compareAndExchange(MemorySegment memory, long offset, long expected, long value) {
        return (long) LONG.compareAndExchange(memory, offset, expected, value);
    }

    /// Atomically exchanges a 32-bit integer if it has the expected value. A full fence.
    ///
    /// @param memory   where it is
    /// @param offset   its offset, a multiple of 4
    /// @param expected what must be there
    /// @param value    what to store
    /// @return the value before
    public static int compareAndExchange(MemorySegment memory, long offset, int expected, int value) {
        return (int) INT.compareAndExchange(memory, offset, expected, value);
    }

    /// Combines elements with operands, each atomically; stores the elements before, if asked for.
    ///
    /// Elements of one and two bytes are exchanged with the aligned four bytes around them, which must lie in `memory`.
    ///
    /// @param memory        where the elements are
    /// @param offset        the first one's offset, a multiple of its size
    /// @param type          their type
    /// @param op            what to do
    /// @param operands      where the operands are, at any alignment
    /// @param operandOffset the first one's offset there
    /// @param length        how many bytes, a multiple of the element's size
    /// @param result        receives the elements before; null if they are not wanted
    /// @param resultOffset  where in it
    public static void accumulate(
            MemorySegment memory,
            long offset,
            DataType type,
            Operator op,
            MemorySegment operands,
            long operandOffset,
            long length,
            MemorySegment result,
            long resultOffset) {
        int step = type.byteSize();
        for (long done = 0; done < length; done += step) {
            long operand = Elements.bits(type, operands, operandOffset + done);
            long before = accumulateOne(memory, offset + done, type, op, operand);
            if (result != null) {
                Elements.setBits(type, result, resultOffset + done, before);
            }
        }
    }

    private static long accumulateOne(MemorySegment memory, long offset, DataType type, Operator op, long operand) {
        return switch (type) {
            case LONG -> fetchAndOp(memory, offset, op, operand);
            case INT -> fetchAndOp(memory, offset, op, (int) operand);
            case DOUBLE -> accumulateLong(memory, offset, type, op, operand);
            case FLOAT, SHORT, BYTE -> accumulatePart(memory, offset, type, op, operand);
        };
    }

    private static long accumulateLong(MemorySegment memory, long offset, DataType type, Operator op, long operand) {
        long before = (long) LONG.getVolatile(memory, offset);
        for (; ; ) {
            long witness =
                    (long) LONG.compareAndExchange(memory, offset, before, Elements.apply(type, op, before, operand));
            if (witness == before) {
                return before;
            }
            before = witness;
        }
    }

    /// The element is some of the bytes of an aligned int.
    private static long accumulatePart(MemorySegment memory, long offset, DataType type, Operator op, long operand) {
        long around = offset & -Integer.BYTES;
        int bits = Byte.SIZE * type.byteSize();
        int shift = Byte.SIZE * (int) (offset - around);
        if (ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN) {
            shift = Integer.SIZE - bits - shift;
        }
        int mask = (int) ((1L << bits) - 1) << shift;
        int before = (int) INT.getVolatile(memory, around);
        for (; ; ) {
            int element = (before << (Integer.SIZE - bits - shift)) >> (Integer.SIZE - bits); // sign-extended
            int after = (int) Elements.apply(type, op, element, operand);
            int next = (before & ~mask) | ((after << shift) & mask);
            int witness = (int) INT.compareAndExchange(memory, around, before, next);
            if (witness == before) {
                return element;
            }
            before = witness;
        }
    }

    /// Changes a 64-bit word after everything that this thread has stored before. Wakes nobody.
    ///
    /// @param memory where it is
    /// @param offset its offset, a multiple of 8
    /// @param kind   what to do with it
    /// @param value  the operand
    public static void signal(MemorySegment memory, long offset, SignalKind kind, long value) {
        switch (kind) {
            case SET -> LONG.setRelease(memory, offset, value);
            case ADD -> LONG.getAndAddRelease(memory, offset, value);
        }
    }
}
