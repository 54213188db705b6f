package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;
import org.porthole.Access;
import org.porthole.Epoch;
import org.porthole.InsufficientMemoryException;
import org.porthole.Job;
import org.porthole.LockKind;
import org.porthole.TransportException;
import org.porthole.Window;

/// Puts and gets move the bytes that were meant, and no others.
public abstract class PutGetContract extends TransportContract {
    private static final int[] SMALL_SIZES = {0, 1, 2, 3, 4, 7, 8, 9, 15, 16, 63, 64, 65};
    private static final int[] LARGE_SIZES = {1000, 4096, 65_536 + 3, 3 << 20};
    private static final int SHIFTS = 9;
    private static final int WINDOW = 96;
    private static final int GUARD = 0x5a;

    /// For transports.
    protected PutGetContract() {}

    @FunctionalInterface
    private interface SmallCase {
        void run(SegmentKind kind, byte[] bytes, int offset, int shift);
    }

    /// Every kind of memory, small size, offset in the window and misalignment of the program's memory.
    private static void forEverySmallCase(SmallCase body) {
        for (SegmentKind kind : SegmentKind.values()) {
            for (int size : SMALL_SIZES) {
                for (int offset = 0; offset < SHIFTS; offset++) {
                    for (int shift = 0; shift < SHIFTS; shift++) {
                        body.run(kind, randomBytes(size, offset * 31L + shift), offset, shift);
                    }
                }
            }
        }
    }

    private static String name(SegmentKind kind, int size, int offset, int shift) {
        return size + " bytes of " + kind + " + " + shift + ", offset " + offset;
    }

    @Test
    void shouldPutEverySizeAtEveryAlignment() {
        ranks(2, job -> {
            try (Window window = open(job, WINDOW)) {
                if (job.rank() == 0) {
                    try (Access access = window.lock(1, LockKind.EXCLUSIVE)) {
                        forEverySmallCase((kind, bytes, offset, shift) -> {
                            byte[] expected = filled(WINDOW, GUARD);
                            access.put(1, 0, MemorySegment.ofArray(expected));
                            access.flush(1);
                            putOne(access, kind, bytes, offset, shift);
                            System.arraycopy(bytes, 0, expected, offset, bytes.length);
                            assertThat(wholeWindow(access))
                                    .as(name(kind, bytes.length, offset, shift))
                                    .isEqualTo(expected);
                        });
                    }
                }
            }
        });
    }

    private static void putOne(Access access, SegmentKind kind, byte[] bytes, int offset, int shift) {
        try (Arena arena = Arena.ofConfined()) {
            access.put(1, offset, kind.holding(arena, bytes, shift));
            access.flush(1);
        }
    }

    private static byte[] wholeWindow(Access access) {
        byte[] seen = new byte[WINDOW];
        access.get(1, 0, MemorySegment.ofArray(seen));
        access.flushLocal(1);
        return seen;
    }

    @Test
    void shouldGetEverySizeAtEveryAlignment() {
        byte[] content = randomBytes(WINDOW, 1);
        ranks(2, job -> {
            try (Window window = open(job, WINDOW)) {
                if (job.rank() == 0) {
                    try (Access access = window.lock(1, LockKind.SHARED)) {
                        access.put(1, 0, MemorySegment.ofArray(content));
                        access.flush(1);
                        forEverySmallCase((kind, bytes, offset, shift) -> assertThat(
                                        getOne(access, kind, bytes.length, offset, shift))
                                .as(name(kind, bytes.length, offset, shift))
                                .isEqualTo(betweenGuards(content, bytes.length, offset, shift)));
                    }
                }
            }
        });
    }

    /// Gets into the middle of memory filled with guard bytes, and returns all of it.
    private static byte[] getOne(Access access, SegmentKind kind, int size, int offset, int shift) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment whole = kind.holding(arena, filled(shift + size + SHIFTS, GUARD), 0);
            access.get(1, offset, whole.asSlice(shift, size));
            access.flushLocal(1);
            byte[] seen = new byte[(int) whole.byteSize()];
            MemorySegment.ofArray(seen).copyFrom(whole);
            return seen;
        }
    }

    private static byte[] betweenGuards(byte[] content, int size, int offset, int shift) {
        byte[] expected = filled(shift + size + SHIFTS, GUARD);
        System.arraycopy(content, offset, expected, shift, size);
        return expected;
    }

    @Test
    void shouldMoveLargePieces() {
        int most = Arrays.stream(LARGE_SIZES).max().orElseThrow();
        int offset = 5;
        ranks(2, job -> {
            try (Window window = open(job, offset + most)) {
                for (SegmentKind kind : SegmentKind.values()) {
                    for (int size : LARGE_SIZES) {
                        byte[] bytes = randomBytes(size, size);
                        try (Arena arena = Arena.ofConfined();
                                Epoch epoch = window.fence()) {
                            if (job.rank() == 0) {
                                epoch.put(1, offset, kind.holding(arena, bytes, 0));
                                epoch.flush(1);
                                MemorySegment back = kind.allocate(arena, size);
                                epoch.get(1, offset, back);
                                epoch.flushLocal(1);
                                assertThat(back.mismatch(MemorySegment.ofArray(bytes)))
                                        .isEqualTo(-1);
                            }
                        }
                        MemorySegment seen = window.local().asSlice(offset, size);
                        assertThat(seen.mismatch(MemorySegment.ofArray(job.rank() == 1 ? bytes : new byte[size])))
                                .as("%d bytes of %s", size, kind)
                                .isEqualTo(-1);
                    }
                }
            }
        });
    }

    @Test
    void shouldReachSingleValuesAtEveryAlignment() {
        ranks(2, job -> {
            try (Window window = open(job, WINDOW)) {
                if (job.rank() == 0) {
                    try (Access access = window.lockAll()) {
                        for (int target = 0; target < job.size(); target++) {
                            for (int offset = 0; offset < SHIFTS; offset++) {
                                putAndGetValues(access, target, offset);
                            }
                        }
                    }
                }
            }
        });
    }

    private static void putAndGetValues(Access access, int target, int offset) {
        access.putByte(target, offset, (byte) 0x81);
        access.flush(target);
        assertThat(access.getByte(target, offset)).isEqualTo((byte) 0x81);
        access.putInt(target, offset, 0x8877_6655);
        access.flush(target);
        assertThat(access.getInt(target, offset)).isEqualTo(0x8877_6655);
        access.putLong(target, offset, 0x8877_6655_4433_2211L);
        access.flush(target);
        assertThat(access.getLong(target, offset)).isEqualTo(0x8877_6655_4433_2211L);
        access.putDouble(target, offset, -Math.PI);
        access.flush(target);
        assertThat(access.getDouble(target, offset)).isEqualTo(-Math.PI);
        byte[] bytes = new byte[Double.BYTES];
        access.get(target, offset, MemorySegment.ofArray(bytes));
        access.flushLocal(target);
        assertThat(MemorySegment.ofArray(bytes).get(ValueLayout.JAVA_DOUBLE_UNALIGNED, 0))
                .as("values are in the host's byte order")
                .isEqualTo(-Math.PI);
    }

    @Test
    void shouldTakeItselfAsTarget() {
        byte[] bytes = randomBytes(WINDOW, 7);
        ranks(2, job -> {
            try (Window window = open(job, WINDOW)) {
                try (Epoch epoch = window.fence()) {
                    epoch.put(job.rank(), 0, MemorySegment.ofArray(bytes));
                    epoch.flush(job.rank());
                    byte[] back = new byte[WINDOW];
                    epoch.get(job.rank(), 0, MemorySegment.ofArray(back));
                    epoch.flushLocal(job.rank());
                    assertThat(back).isEqualTo(bytes);
                }
                assertThat(window.local().mismatch(MemorySegment.ofArray(bytes)))
                        .isEqualTo(-1);
            }
        });
    }

    @Test
    void shouldCarryFromOneNeighbourToAnother() {
        ranks(3, job -> {
            try (Window window = open(job, WINDOW)) {
                window.local().fill((byte) job.rank());
                try (Epoch epoch = window.fence();
                        Arena arena = Arena.ofConfined()) {
                    if (job.rank() == 0) {
                        MemorySegment bytes = arena.allocate(WINDOW / 2);
                        epoch.get(1, 3, bytes);
                        epoch.flushLocal(1);
                        epoch.put(2, 5, bytes);
                        epoch.flushLocal(2);
                    }
                }
                byte[] expected = filled(WINDOW, job.rank());
                if (job.rank() == 2) {
                    Arrays.fill(expected, 5, 5 + WINDOW / 2, (byte) 1);
                }
                assertThat(window.local().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(expected);
            }
        });
    }

    @Test
    void shouldPutFromAnyMemoryOfTheProgram() {
        byte[] bytes = randomBytes(WINDOW, 3);
        ranks(2, job -> {
            try (Window window = open(job, 3 * WINDOW);
                    Window other = open(job, WINDOW);
                    Arena shared = Arena.ofShared()) {
                other.local().copyFrom(MemorySegment.ofArray(bytes));
                MemorySegment readOnly = MemorySegment.ofArray(bytes).asReadOnly();
                MemorySegment direct = shared.allocate(WINDOW).copyFrom(readOnly);
                try (Epoch epoch = window.fence()) {
                    epoch.put(1 - job.rank(), 0, readOnly);
                    epoch.put(1 - job.rank(), WINDOW, direct);
                    epoch.put(1 - job.rank(), 2 * WINDOW, other.local());
                    epoch.flushLocalAll();
                }
                for (int part = 0; part < 3; part++) {
                    MemorySegment seen = window.local().asSlice((long) part * WINDOW, WINDOW);
                    assertThat(seen.mismatch(readOnly)).as("part %d", part).isEqualTo(-1);
                }
            }
        });
    }

    @Test
    void shouldRefuseToGetIntoReadOnlyMemory() {
        ranks(2, job -> {
            try (Window window = open(job, WINDOW);
                    Access access = window.lock(1 - job.rank(), LockKind.SHARED)) {
                byte[] destination = filled(8, GUARD);
                MemorySegment readOnly = MemorySegment.ofArray(destination).asReadOnly();
                assertThatThrownBy(() -> access.get(1 - job.rank(), 0, readOnly))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("read-only");
                access.flushLocalAll();
                assertThat(destination).containsOnly(GUARD);
            }
        });
    }

    @Test
    void shouldReachBeyondTwoGigabytes() {
        long length = (2L << 30) + 4096;
        ranks(2, job -> {
            try (Window window = job.rank() == 0 ? openLarge(job, length) : openLarge(job, 0);
                    Access access = window.lockAll()) {
                long offset = length - 11 + job.rank();
                access.putByte(0, offset, (byte) 5);
                access.put(0, length - 100 + 16L * job.rank(), MemorySegment.ofArray(new long[] {offset}));
                access.flushAll();
                assertThat(access.getByte(0, offset)).isEqualTo((byte) 5);
                assertThat(access.getLong(0, length - 100 + 16L * job.rank())).isEqualTo(offset);
                assertThat(access.fetchAdd(0, 2L << 30, 0)).isZero();
            }
        });
    }

    private static Window openLarge(Job job, long length) {
        try {
            return open(job, length);
        } catch (InsufficientMemoryException | TransportException e) {
            throw new TestAbortedException("this machine has no room for it: " + e.getMessage(), e);
        }
    }
}
