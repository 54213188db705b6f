package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.porthole.Access;
import org.porthole.Epoch;
import org.porthole.LockKind;
import org.porthole.Window;

/// Nothing reaches outside a window: every operation that would is refused with the values in the message, and has touched nothing.
public abstract class BoundsContract extends TransportContract {
    private static final int LENGTH = 64;

    /// For transports.
    protected BoundsContract() {}

    /// Offsets that an operation must refuse; aligned for atomics, which may name the misalignment first otherwise.
    private static LongStream offsetsOutside(OneSided operation) {
        LongStream aligned = LongStream.of(LENGTH, -8, Long.MIN_VALUE, Long.MAX_VALUE - 7, 1L << 32, -1L << 32);
        return operation.atomic
                ? aligned
                : LongStream.concat(
                        aligned,
                        LongStream.of(
                                LENGTH - operation.length + 1,
                                -1,
                                -operation.length,
                                Long.MAX_VALUE,
                                Long.MAX_VALUE - 3));
    }

    @Test
    void shouldRefuseEveryOperationOutsideTheWindow() {
        ranks(2, job -> {
            try (Window window = open(job, LENGTH)) {
                try (Epoch epoch = window.fence()) {
                    for (OneSided operation : OneSided.values()) {
                        offsetsOutside(operation).forEach(offset -> requireRefused(epoch, operation, offset));
                    }
                    epoch.flushAll();
                }
                assertThat(window.local().toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
            }
        });
    }

    private static void requireRefused(Access access, OneSided operation, long offset) {
        for (int target = 0; target < 2; target++) {
            int to = target;
            assertThatThrownBy(() -> operation.perform(access, to, offset))
                    .as("%s at %d of rank %d", operation, offset, to)
                    .isInstanceOf(IndexOutOfBoundsException.class)
                    .hasMessageContaining(Long.toString(offset))
                    .hasMessageContaining(operation.length + " bytes")
                    .hasMessageContaining("rank " + to)
                    .hasMessageContaining(Integer.toString(LENGTH));
        }
    }

    @Test
    void shouldReachTheLastByteWithEveryOperation() {
        ranks(2, job -> {
            try (Window window = open(job, LENGTH);
                    Epoch epoch = window.fence()) {
                if (job.rank() == 0) {
                    for (OneSided operation : OneSided.values()) {
                        operation.perform(epoch, 1, LENGTH - operation.length);
                        epoch.flush(1);
                    }
                    epoch.put(1, LENGTH, MemorySegment.ofArray(new byte[0]));
                    epoch.get(1, LENGTH, MemorySegment.ofArray(new byte[0]));
                }
            }
        });
    }

    @Test
    void shouldRefuseSegmentsThatDoNotFit() {
        byte[] large = filled(LENGTH + 1, 0x5a);
        ranks(2, job -> {
            try (Window window = open(job, LENGTH)) {
                try (Epoch epoch = window.fence()) {
                    byte[] destination = large.clone();
                    assertThatThrownBy(() -> epoch.put(1, 0, MemorySegment.ofArray(large)))
                            .isInstanceOf(IndexOutOfBoundsException.class);
                    assertThatThrownBy(() -> epoch.get(1, 0, MemorySegment.ofArray(destination)))
                            .isInstanceOf(IndexOutOfBoundsException.class);
                    epoch.flushAll();
                    assertThat(destination).isEqualTo(large);
                }
                assertThat(window.local().toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
            }
        });
    }

    @Test
    void shouldRefuseRanksThatAreNotInTheTeam() {
        ranks(2, job -> {
            try (Window window = open(job, LENGTH)) {
                try (Epoch epoch = window.fence()) {
                    for (int target : new int[] {-1, 2, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                        for (OneSided operation : OneSided.values()) {
                            requireNoSuchRank(target, () -> operation.perform(epoch, target, 0));
                        }
                        requireNoSuchRank(target, () -> epoch.flush(target));
                        requireNoSuchRank(target, () -> epoch.flushLocal(target));
                    }
                }
                requireNoSuchRank(2, () -> window.lock(2, LockKind.SHARED));
                requireNoSuchRank(-1, () -> window.lock(-1, LockKind.EXCLUSIVE));
                requireNoSuchRank(-1, () -> window.length(-1));
                requireNoSuchRank(2, () -> window.length(2));
            }
        });
    }

    private static void requireNoSuchRank(int rank, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessageContaining("rank " + rank);
    }

    @Test
    void shouldAllowRanksWithoutMemory() {
        ranks(4, job -> {
            try (Window window = open(job, job.rank() % 2 == 0 ? 0 : LENGTH)) {
                assertThat(window.length(0)).isZero();
                assertThat(window.length(1)).isEqualTo(LENGTH);
                assertThat(window.local().byteSize()).isEqualTo(window.length(job.rank()));
                try (Epoch epoch = window.fence()) {
                    epoch.put(0, 0, MemorySegment.ofArray(new byte[0]));
                    epoch.get(2, 0, MemorySegment.ofArray(new byte[0]));
                    assertThatThrownBy(() -> epoch.putByte(2, 0, (byte) 1))
                            .isInstanceOf(IndexOutOfBoundsException.class);
                    epoch.putByte(1, job.rank(), (byte) (job.rank() + 1));
                }
                if (job.rank() == 1) {
                    assertThat(window.local().asSlice(0, 4).toArray(ValueLayout.JAVA_BYTE))
                            .containsExactly(1, 2, 3, 4);
                }
            }
        });
    }

    @Test
    void shouldAllowNoMemoryAtAll() {
        ranks(2, job -> {
            try (Window window = open(job, 0);
                    Epoch epoch = window.fence()) {
                epoch.put(1 - job.rank(), 0, MemorySegment.ofArray(new byte[0]));
                epoch.flushAll();
            }
        });
    }

    @Test
    void shouldHaveItsOwnLengthOnEachRank() {
        ranks(3, job -> {
            try (Window window = open(job, 1000L * (job.rank() + 1))) {
                try (Epoch epoch = window.fence()) {
                    for (int target = 0; target < 3; target++) {
                        int to = target;
                        long length = 1000L * (to + 1);
                        assertThat(window.length(to)).isEqualTo(length);
                        epoch.putByte(to, length - 1 - job.rank(), (byte) 7);
                        assertThatThrownBy(() -> epoch.putByte(to, length, (byte) 7))
                                .isInstanceOf(IndexOutOfBoundsException.class)
                                .hasMessageContaining(Long.toString(length));
                    }
                }
                MemorySegment mine = window.local();
                assertThat(mine.byteSize()).isEqualTo(window.length(job.rank()));
                assertThat(mine.asSlice(mine.byteSize() - 3).toArray(ValueLayout.JAVA_BYTE))
                        .containsExactly(7, 7, 7);
            }
        });
    }
}
