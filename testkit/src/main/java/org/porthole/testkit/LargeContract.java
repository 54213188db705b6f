package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.porthole.Access;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.Region;
import org.porthole.Window;

/// A part above 2 GiB: every operation across the line that an `int` cannot cross, and one put and get that are longer. Takes 7 GiB of memory.
@Tag("large")
public abstract class LargeContract extends TransportContract {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final long LINE = 1L << 31;
    private static final long BYTES = LINE + (64 << 10);
    /// Checked in a long run of bytes: one word in so many.
    private static final long STEP = 1_000_003L * Long.BYTES;

    /// For transports.
    protected LargeContract() {}

    @Test
    void shouldOperateAcrossTheLine() {
        ranks(2, job -> {
            try (Window window = open(job, job.rank() == 1 ? BYTES : 0)) {
                if (job.rank() == 0) {
                    try (Access access = window.lockAll()) {
                        assertThat(window.length(1)).isEqualTo(BYTES);
                        operate(access);
                        moveAll(access);
                    }
                }
                job.world().barrier();
                if (job.rank() == 1) {
                    assertThat(window.local().get(LONG, LINE - 4)).isEqualTo(LINE - 4);
                }
            }
        });
    }

    private static void operate(Access access) {
        access.put(1, LINE - 100, MemorySegment.ofArray(filled(200, 7)));
        access.flush(1);
        byte[] seen = new byte[202];
        access.get(1, LINE - 101, MemorySegment.ofArray(seen));
        access.flushLocal(1);
        assertThat(seen[0]).isZero();
        assertThat(seen[1]).isEqualTo((byte) 7);
        assertThat(seen[200]).isEqualTo((byte) 7);
        assertThat(seen[201]).isZero();

        access.putLong(1, LINE - 4, -5);
        assertThat(access.getLong(1, LINE - 4)).isEqualTo(-5);
        assertThat(access.fetchAdd(1, LINE + 800, 3)).isZero();
        assertThat(access.compareAndExchange(1, LINE + 800, 3L, 4L)).isEqualTo(3);
        access.accumulate(1, LINE - 8, DataType.LONG, Operator.REPLACE, MemorySegment.ofArray(new long[] {1, 2}));
        access.flush(1);
        assertThat(access.getLong(1, LINE)).isEqualTo(2);

        Region columns = Region.strided(1000, 8, 3, LINE / 2 + 8);
        access.put(1, columns, MemorySegment.ofArray(new long[] {11, 12, 13}), Region.contiguous(0, 24));
        access.flush(1);
        assertThat(access.getLong(1, 1000 + LINE + 16)).isEqualTo(13);
        access.accumulate(
                1,
                columns,
                DataType.LONG,
                Operator.SUM,
                MemorySegment.ofArray(new long[] {1, 2, 3}),
                Region.contiguous(0, 24));
        access.flush(1);
        assertThat(access.getLong(1, 1000 + LINE / 2 + 8)).isEqualTo(14);
        assertThat(access.getLong(1, 1000 + LINE + 16)).isEqualTo(16);

        assertThat(access.getLong(1, BYTES - 8)).isZero();
        assertThatThrownBy(() -> access.getLong(1, BYTES - 7)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    private static void moveAll(Access access) {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment there = arena.allocate(BYTES, 4096);
            for (long offset = 0; offset + 8 <= BYTES; offset += STEP) {
                there.set(LONG, offset, offset);
            }
            there.set(LONG, LINE - 4, LINE - 4);
            there.set(LONG, BYTES - 8, BYTES - 8);
            access.put(1, 0, there);
            access.flush(1);
            assertThat(access.getLong(1, BYTES - 8)).isEqualTo(BYTES - 8);
            there.fill((byte) 1);
            access.get(1, 0, there);
            access.flushLocal(1);
            for (long offset = 0; offset + 8 <= LINE - 8; offset += STEP) {
                assertThat(there.get(LONG, offset)).isEqualTo(offset);
            }
            assertThat(there.get(LONG, LINE - 4)).isEqualTo(LINE - 4);
            assertThat(there.get(LONG, BYTES - 8)).isEqualTo(BYTES - 8);
        }
    }
}
