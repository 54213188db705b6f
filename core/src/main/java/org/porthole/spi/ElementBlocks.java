package org.porthole.spi;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.porthole.Operator;

/// Combines many elements at the speed of vector instructions: block after block goes through two heap arrays, because the JIT vectorises
/// loops over arrays, but not over two segments that may overlap, nor over any segment of floating-point numbers.
///
/// **Threads.** One; each has its own by [#ofThread()].  **Cost.** Allocates 4 KiB per array and thread, once.
final class ElementBlocks {
    /// From here on two copies more are paid for.
    static final long WORTH = 256;

    private static final int BYTES = 4096;
    private static final ThreadLocal<ElementBlocks> OF_THREAD = ThreadLocal.withInitial(ElementBlocks::new);

    private final int[] ints = new int[BYTES / Integer.BYTES];
    private final int[] moreInts = ints.clone();
    private final long[] longs = new long[BYTES / Long.BYTES];
    private final long[] moreLongs = longs.clone();
    private final float[] floats = new float[BYTES / Float.BYTES];
    private final float[] moreFloats = floats.clone();
    private final double[] doubles = new double[BYTES / Double.BYTES];
    private final double[] moreDoubles = doubles.clone();

    private ElementBlocks() {}

    static ElementBlocks ofThread() {
        return OF_THREAD.get();
    }

    void combineInts(Operator op, MemorySegment into, long intoOffset, MemorySegment from, long fromOffset, long size) {
        ValueLayout.OfInt layout = ValueLayout.JAVA_INT_UNALIGNED;
        for (long done = 0; done < size; done += BYTES) {
            int count = (int) (Math.min(BYTES, size - done) / Integer.BYTES);
            MemorySegment.copy(into, layout, intoOffset + done, ints, 0, count);
            MemorySegment.copy(from, layout, fromOffset + done, moreInts, 0, count);
            combine(op, ints, moreInts, count);
            MemorySegment.copy(ints, 0, into, layout, intoOffset + done, count);
        }
    }

    void combineLongs(
            Operator op, MemorySegment into, long intoOffset, MemorySegment from, long fromOffset, long size) {
        ValueLayout.OfLong layout = ValueLayout.JAVA_LONG_UNALIGNED;
        for (long done = 0; done < size; done += BYTES) {
            int count = (int) (Math.min(BYTES, size - done) / Long.BYTES);
            MemorySegment.copy(into, layout, intoOffset + done, longs, 0, count);
            MemorySegment.copy(from, layout, fromOffset + done, moreLongs, 0, count);
            combine(op, longs, moreLongs, count);
            MemorySegment.copy(longs, 0, into, layout, intoOffset + done, count);
        }
    }

    void combineFloats(
            Operator op, MemorySegment into, long intoOffset, MemorySegment from, long fromOffset, long size) {
        ValueLayout.OfFloat layout = ValueLayout.JAVA_FLOAT_UNALIGNED;
        for (long done = 0; done < size; done += BYTES) {
            int count = (int) (Math.min(BYTES, size - done) / Float.BYTES);
            MemorySegment.copy(into, layout, intoOffset + done, floats, 0, count);
            MemorySegment.copy(from, layout, fromOffset + done, moreFloats, 0, count);
            combine(op, floats, moreFloats, count);
            MemorySegment.copy(floats, 0, into, layout, intoOffset + done, count);
        }
    }

    void combineDoubles(
            Operator op, MemorySegment into, long intoOffset, MemorySegment from, long fromOffset, long size) {
        ValueLayout.OfDouble layout = ValueLayout.JAVA_DOUBLE_UNALIGNED;
        for (long done = 0; done < size; done += BYTES) {
            int count = (int) (Math.min(BYTES, size - done) / Double.BYTES);
            MemorySegment.copy(into, layout, intoOffset + done, doubles, 0, count);
            MemorySegment.copy(from, layout, fromOffset + done, moreDoubles, 0, count);
            combine(op, doubles, moreDoubles, count);
            MemorySegment.copy(doubles, 0, into, layout, intoOffset + done, count);
        }
    }

    private static IllegalArgumentException elsewhere(Operator op) {
        return new IllegalArgumentException(op + " needs no arithmetic of this type");
    }

    private static void combine(Operator op, int[] a, int[] b, int count) {
        switch (op) {
            case SUM -> {
                for (int i = 0; i < count; i++) {
                    a[i] += b[i];
                }
            }
            case PRODUCT -> {
                for (int i = 0; i < count; i++) {
                    a[i] *= b[i];
                }
            }
            case MIN -> {
                for (int i = 0; i < count; i++) {
                    a[i] = Math.min(a[i], b[i]);
                }
            }
            case MAX -> {
                for (int i = 0; i < count; i++) {
                    a[i] = Math.max(a[i], b[i]);
                }
            }
            case AND, OR, XOR, REPLACE, NO_OP -> throw elsewhere(op);
        }
    }

    private static void combine(Operator op, long[] a, long[] b, int count) {
        switch (op) {
            case SUM -> {
                for (int i = 0; i < count; i++) {
                    a[i] += b[i];
                }
            }
            case MIN -> {
                for (int i = 0; i < count; i++) {
                    a[i] = Math.min(a[i], b[i]);
                }
            }
            case MAX -> {
                for (int i = 0; i < count; i++) {
                    a[i] = Math.max(a[i], b[i]);
                }
            }
            case PRODUCT -> {
                for (int i = 0; i < count; i++) {
                    a[i] *= b[i];
                }
            }
            case AND -> {
                for (int i = 0; i < count; i++) {
                    a[i] &= b[i];
                }
            }
            case OR -> {
                for (int i = 0; i < count; i++) {
                    a[i] |= b[i];
                }
            }
            case XOR -> {
                for (int i = 0; i < count; i++) {
                    a[i] ^= b[i];
                }
            }
            case REPLACE, NO_OP -> throw elsewhere(op);
        }
    }

    private static void combine(Operator op, float[] a, float[] b, int count) {
        switch (op) {
            case SUM -> {
                for (int i = 0; i < count; i++) {
                    a[i] += b[i];
                }
            }
            case PRODUCT -> {
                for (int i = 0; i < count; i++) {
                    a[i] *= b[i];
                }
            }
            case MIN -> {
                for (int i = 0; i < count; i++) {
                    a[i] = Math.min(a[i], b[i]);
                }
            }
            case MAX -> {
                for (int i = 0; i < count; i++) {
                    a[i] = Math.max(a[i], b[i]);
                }
            }
            case AND, OR, XOR, REPLACE, NO_OP -> throw elsewhere(op);
        }
    }

    private static void combine(Operator op, double[] a, double[] b, int count) {
        switch (op) {
            case SUM -> {
                for (int i = 0; i < count; i++) {
                    a[i] += b[i];
                }
            }
            case PRODUCT -> {
                for (int i = 0; i < count; i++) {
                    a[i] *= b[i];
                }
            }
            case MIN -> {
                for (int i = 0; i < count; i++) {
                    a[i] = Math.min(a[i], b[i]);
                }
            }
            case MAX -> {
                for (int i = 0; i < count; i++) {
                    a[i] = Math.max(a[i], b[i]);
                }
            }
            case AND, OR, XOR, REPLACE, NO_OP -> throw elsewhere(op);
        }
    }
}
