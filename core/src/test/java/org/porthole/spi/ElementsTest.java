package org.porthole.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.porthole.DataType;
import org.porthole.Operator;

/// Against a loop over the plainest arithmetic of each type.
class ElementsTest {
    private static final long SEED = 20_030_704;
    private static final int ELEMENTS = 2_100;
    /// Not aligned to anything, and different, as payloads may lie.
    private static final int INTO_OFFSET = 3;

    private static final int FROM_OFFSET = 5;

    private static Stream<Arguments> defined() {
        return combinations(true);
    }

    private static Stream<Arguments> undefined() {
        return combinations(false);
    }

    private static Stream<Arguments> combinations(boolean wanted) {
        return Arrays.stream(DataType.values())
                .flatMap(type -> Arrays.stream(Operator.values())
                        .filter(op -> op.isDefinedFor(type) == wanted)
                        .map(op -> Arguments.of(type, op)));
    }

    private static byte[] random(Random random, DataType type, int offset) {
        byte[] bytes = new byte[offset + ELEMENTS * type.byteSize() + 16];
        random.nextBytes(bytes);
        // Bits at random are seldom numbers of a like size, of which sums are interesting.
        for (int i = 0; type.isFloating() && i < ELEMENTS; i++) {
            put(type, buffer(bytes), offset + i * type.byteSize(), floating(random));
        }
        return bytes;
    }

    private static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }

    private static double floating(Random random) {
        return switch (random.nextInt(12)) {
            case 0 -> Double.NaN;
            case 1 -> Double.NEGATIVE_INFINITY;
            case 2 -> 0.0;
            case 3 -> -0.0;
            case 4 -> Float.MAX_VALUE;
            case 5 -> Float.MIN_VALUE;
            default -> random.nextGaussian();
        };
    }

    private static void put(DataType type, ByteBuffer buffer, int at, double value) {
        if (type == DataType.FLOAT) {
            buffer.putFloat(at, (float) value);
        } else {
            buffer.putDouble(at, value);
        }
    }

    @ParameterizedTest
    @MethodSource("defined")
    void shouldCombineElementByElement(DataType type, Operator op) {
        Random random = new Random(SEED);
        byte[] into = random(random, type, INTO_OFFSET);
        byte[] from = random(random, type, FROM_OFFSET);
        byte[] fromBefore = from.clone();
        byte[] expected = into.clone();
        for (int i = 0; i < ELEMENTS; i++) {
            int at = i * type.byteSize();
            combine(type, op, buffer(expected), INTO_OFFSET + at, buffer(from), FROM_OFFSET + at);
        }

        Elements.combine(
                type,
                op,
                MemorySegment.ofArray(into),
                INTO_OFFSET,
                MemorySegment.ofArray(from),
                FROM_OFFSET,
                (long) ELEMENTS * type.byteSize());

        assertThat(into).as("seed %d", SEED).isEqualTo(expected);
        assertThat(from).isEqualTo(fromBefore);
    }

    @ParameterizedTest
    @MethodSource("defined")
    void shouldCombineInAMemoryThatItHasAViewOf(DataType type, Operator op) {
        Random random = new Random(SEED);
        int offset = 24;
        byte[] before = random(random, type, offset);
        byte[] from = random(random, type, FROM_OFFSET);
        long size = (long) ELEMENTS * type.byteSize();
        MemorySegment expected = MemorySegment.ofArray(before.clone());
        Elements.combine(type, op, expected, offset, MemorySegment.ofArray(from), FROM_OFFSET, size);
        try (Arena arena = Arena.ofConfined()) {
            for (MemorySegment memory :
                    new MemorySegment[] {MemorySegment.ofArray(before.clone()), arena.allocate(before.length)}) {
                memory.copyFrom(MemorySegment.ofArray(before));

                new ElementView(memory).combine(type, op, offset, MemorySegment.ofArray(from), FROM_OFFSET, size);

                assertThat(memory.mismatch(expected)).as("seed %d", SEED).isEqualTo(-1);
            }
        }
    }

    private static void combine(DataType type, Operator op, ByteBuffer into, int at, ByteBuffer from, int fromAt) {
        switch (type) {
            case BYTE -> into.put(at, (byte) integers(op, into.get(at), from.get(fromAt)));
            case SHORT -> into.putShort(at, (short) integers(op, into.getShort(at), from.getShort(fromAt)));
            case INT -> into.putInt(at, (int) integers(op, into.getInt(at), from.getInt(fromAt)));
            case LONG -> into.putLong(at, integers(op, into.getLong(at), from.getLong(fromAt)));
            case FLOAT -> into.putFloat(at, floats(op, into.getFloat(at), from.getFloat(fromAt)));
            case DOUBLE -> into.putDouble(at, doubles(op, into.getDouble(at), from.getDouble(fromAt)));
        }
    }

    private static long integers(Operator op, long a, long b) {
        return switch (op) {
            case SUM -> a + b;
            case PRODUCT -> a * b;
            case MIN -> a < b ? a : b;
            case MAX -> a > b ? a : b;
            case AND -> a & b;
            case OR -> a | b;
            case XOR -> a ^ b;
            case REPLACE -> b;
            case NO_OP -> a;
        };
    }

    private static float floats(Operator op, float a, float b) {
        return switch (op) {
            case SUM -> a + b;
            case PRODUCT -> a * b;
            case MIN -> Math.min(a, b);
            case MAX -> Math.max(a, b);
            case REPLACE -> b;
            case NO_OP -> a;
            case AND, OR, XOR -> throw new AssertionError(op);
        };
    }

    private static double doubles(Operator op, double a, double b) {
        return switch (op) {
            case SUM -> a + b;
            case PRODUCT -> a * b;
            case MIN -> Math.min(a, b);
            case MAX -> Math.max(a, b);
            case REPLACE -> b;
            case NO_OP -> a;
            case AND, OR, XOR -> throw new AssertionError(op);
        };
    }

    @ParameterizedTest
    @MethodSource("undefined")
    void shouldRefuseBitsOfFloatingPoint(DataType type, Operator op) {
        MemorySegment element = MemorySegment.ofArray(new byte[8]);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Elements.combine(type, op, element, 0, element, 0, type.byteSize()));
    }

    @ParameterizedTest
    @MethodSource("defined")
    void shouldDoNothingToNothing(DataType type, Operator op) {
        MemorySegment nothing = MemorySegment.ofArray(new byte[0]);

        Elements.combine(type, op, nothing, 0, nothing, 0, 0);

        assertThat(nothing.byteSize()).isZero();
    }
}
