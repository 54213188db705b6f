package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.api.Test;
import org.porthole.Access;
import org.porthole.LockKind;
import org.porthole.Window;

/// Lock epochs: exclusive locks exclude everybody, shared ones only exclusive ones, and the target takes no part.
public abstract class LockContract extends TransportContract {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final int RANKS = 4;
    private static final int ROUNDS = 300;

    /// For transports.
    protected LockContract() {}

    @Test
    void shouldExcludeOtherExclusiveLocks() {
        ranks(RANKS, job -> {
            try (Window window = open(job, 64)) {
                for (int i = 0; i < ROUNDS; i++) {
                    int target = i % RANKS;
                    try (Access access = window.lock(target, LockKind.EXCLUSIVE)) {
                        access.putLong(target, 0, access.getLong(target, 0) + 1);
                    }
                    incrementByBytes(window, target);
                }
                job.world().barrier();
                assertThat(window.local().get(LONG, 0)).isEqualTo(ROUNDS);
                assertThat(window.local().get(LONG, 8)).isEqualTo(ROUNDS);
            }
        });
    }

    private static void incrementByBytes(Window window, int target) {
        long[] value = new long[1];
        try (Access access = window.lock(target, LockKind.EXCLUSIVE)) {
            access.get(target, 8, MemorySegment.ofArray(value));
            access.flushLocal(target);
            value[0]++;
            access.put(target, 8, MemorySegment.ofArray(value));
        }
    }

    @Test
    void shouldBeSharedByManyAtOnce() {
        CyclicBarrier holders = new CyclicBarrier(RANKS);
        ranks(RANKS, job -> {
            try (Window window = open(job, 64)) {
                for (int round = 0; round < 20; round++) {
                    try (Access access = window.lock(0, LockKind.SHARED)) {
                        meet(holders);
                        assertThat(access.isOpen()).isTrue();
                        meet(holders);
                    }
                    try (Access access = window.lockAll()) {
                        meet(holders);
                        assertThat(access.isOpen()).isTrue();
                        meet(holders);
                    }
                }
            }
        });
    }

    @Test
    void shouldKeepExclusiveFromShared() {
        ranks(RANKS, job -> {
            try (Window window = open(job, 64)) {
                for (long i = 1; i <= ROUNDS; i++) {
                    if (job.rank() < 2) {
                        try (Access access = window.lock(3, LockKind.EXCLUSIVE)) {
                            access.putLong(3, 0, i);
                            access.flush(3);
                            access.putLong(3, 32, i);
                        }
                    } else {
                        try (Access access = job.rank() == 2 ? window.lock(3, LockKind.SHARED) : window.lockAll()) {
                            long first = access.getLong(3, 0);
                            assertThat(access.getLong(3, 32)).isEqualTo(first);
                        }
                    }
                }
            }
        });
    }

    @Test
    void shouldCoverAllRanks() {
        ranks(RANKS, job -> {
            try (Window window = open(job, 64)) {
                try (Access access = window.lockAll()) {
                    for (int target = 0; target < RANKS; target++) {
                        access.putLong(target, 8L * job.rank(), 10L * target + job.rank());
                    }
                    access.flushAll();
                    for (int target = 0; target < RANKS; target++) {
                        assertThat(access.getLong(target, 8L * job.rank())).isEqualTo(10L * target + job.rank());
                    }
                }
                job.world().barrier();
                for (int origin = 0; origin < RANKS; origin++) {
                    assertThat(window.local().get(LONG, 8L * origin)).isEqualTo(10L * job.rank() + origin);
                }
            }
        });
    }

    @Test
    void shouldHoldLocksOnSeveralRanksAtOnce() {
        ranks(3, job -> {
            try (Window window = open(job, 64)) {
                if (job.rank() == 0) {
                    try (Access one = window.lock(1, LockKind.EXCLUSIVE);
                            Access two = window.lock(2, LockKind.SHARED);
                            Access self = window.lock(0, LockKind.EXCLUSIVE)) {
                        one.putLong(1, 0, 1);
                        two.putLong(2, 0, 2);
                        self.putLong(0, 0, 3);
                        self.flush(0);
                        assertThat(self.getLong(0, 0)).isEqualTo(3);
                    }
                }
                job.world().barrier();
                assertThat(window.local().get(LONG, 0)).isEqualTo(job.rank() == 0 ? 3 : job.rank());
            }
        });
    }

    @Test
    void shouldRefuseToLockTwice() {
        ranks(2, job -> {
            try (Window window = open(job, 64)) {
                try (Access one = window.lock(0, LockKind.SHARED)) {
                    requireRefused(() -> window.lock(0, LockKind.SHARED), "lock on rank 0");
                    requireRefused(() -> window.lock(0, LockKind.EXCLUSIVE), "lock on rank 0");
                    requireRefused(window::lockAll, "lock on rank 0");
                    requireRefused(window::local, "lock on rank 0");
                    assertThat(one.isOpen()).isTrue();
                }
                try (Access all = window.lockAll()) {
                    requireRefused(() -> window.lock(1, LockKind.SHARED), "lock on all ranks");
                    requireRefused(window::lockAll, "lock on all ranks");
                    requireRefused(window::local, "lock on all ranks");
                    assertThat(all.isOpen()).isTrue();
                }
            }
        });
    }

    @Test
    void shouldRefuseRanksOutsideTheEpoch() {
        ranks(3, job -> {
            try (Window window = open(job, 64)) {
                try (Access access = window.lock(1, LockKind.SHARED)) {
                    for (OneSided operation : OneSided.values()) {
                        requireRefused(() -> operation.perform(access, 0, 0), "rank 0");
                        requireRefused(() -> operation.perform(access, 2, 0), "rank 2");
                    }
                    requireRefused(() -> access.flush(2), "rank 2");
                    requireRefused(() -> access.flushLocal(2), "rank 2");
                    access.flushAll();
                    access.flushLocalAll();
                }
                job.world().barrier();
                assertThat(window.local().toArray(ValueLayout.JAVA_BYTE)).containsOnly(0);
            }
        });
    }

    @Test
    void shouldRefuseOperationsAfterUnlocking() {
        ranks(2, job -> {
            try (Window window = open(job, 64)) {
                Access one = window.lock(1, LockKind.EXCLUSIVE);
                one.close();
                one.close();
                Access all = window.lockAll();
                all.close();
                all.close();
                for (OneSided operation : OneSided.values()) {
                    requireRefused(() -> operation.perform(one, 1, 0), "lock on rank 1");
                    requireRefused(() -> operation.perform(all, 1, 0), "lock on all ranks");
                }
                requireRefused(one::flushAll, "lock on rank 1");
                requireRefused(() -> all.flush(0), "lock on all ranks");
                try (Access again = window.lock(1, LockKind.EXCLUSIVE)) {
                    assertThat(again.getLong(1, 0)).isZero();
                }
            }
        });
    }

    private static void requireRefused(Runnable call, String reason) {
        assertThatThrownBy(call::run).isInstanceOf(IllegalStateException.class).hasMessageContaining(reason);
    }

    @Test
    void shouldWaitUntilTheOwnerExposes() {
        CyclicBarrier both = new CyclicBarrier(2);
        ranks(2, job -> {
            try (Window window = open(job, 64)) {
                for (long round = 1; round <= ROUNDS; round++) {
                    LockKind kind = round % 2 == 0 ? LockKind.SHARED : LockKind.EXCLUSIVE;
                    MemorySegment view = job.rank() == 0 ? window.local() : MemorySegment.NULL;
                    meet(both);
                    if (job.rank() == 0) {
                        view.set(LONG, 0, round);
                        window.expose();
                        assertThat(view.scope().isAlive()).isFalse();
                        window.expose();
                    } else {
                        try (Access access = window.lock(0, kind)) {
                            assertThat(access.getLong(0, 0)).isEqualTo(round);
                        }
                    }
                    meet(both);
                }
            }
        });
    }

    @Test
    void shouldKeepTheOwnerWaitingForItsView() {
        CyclicBarrier both = new CyclicBarrier(2);
        ranks(2, job -> {
            try (Window window = open(job, 64)) {
                for (long round = 1; round <= ROUNDS; round++) {
                    if (job.rank() == 0) {
                        meet(both);
                        assertThat(window.local().get(LONG, 0)).isEqualTo(round);
                        window.expose();
                    } else {
                        LockKind kind = round % 2 == 0 ? LockKind.SHARED : LockKind.EXCLUSIVE;
                        try (Access access = window.lock(0, kind)) {
                            meet(both);
                            access.putLong(0, 0, round);
                        }
                    }
                    meet(both);
                }
            }
        });
    }

    @Test
    void shouldLetSourcesBeReusedAfterFlushLocal() {
        ranks(2, job -> {
            byte[] source = new byte[100];
            try (Window window = open(job, 1000)) {
                try (Access access = window.lock(1 - job.rank(), LockKind.EXCLUSIVE)) {
                    for (int i = 0; i < 10; i++) {
                        Arrays.fill(source, (byte) (i + 1));
                        access.put(1 - job.rank(), 100L * i, MemorySegment.ofArray(source));
                        if (i % 2 == 0) {
                            access.flushLocal(1 - job.rank());
                        } else {
                            access.flushLocalAll();
                        }
                    }
                    Arrays.fill(source, (byte) -1);
                }
                job.world().barrier();
                for (int i = 0; i < 10; i++) {
                    assertThat(window.local().asSlice(100L * i, 100).toArray(ValueLayout.JAVA_BYTE))
                            .containsOnly(i + 1);
                }
            }
        });
    }

    @Test
    void shouldShowPutsToOthersAfterFlush() {
        CyclicBarrier both = new CyclicBarrier(2);
        ranks(3, job -> {
            try (Window window = open(job, 64)) {
                if (job.rank() > 0) {
                    try (Access access = window.lock(0, LockKind.SHARED)) {
                        for (long round = 1; round <= ROUNDS; round++) {
                            if (job.rank() == 1) {
                                access.put(0, 0, MemorySegment.ofArray(new long[] {round}));
                                access.putLong(0, 8, round);
                                access.flush(0);
                            }
                            meet(both);
                            assertThat(access.getLong(0, 0)).isEqualTo(round);
                            assertThat(access.getLong(0, 8)).isEqualTo(round);
                            meet(both);
                        }
                    }
                }
            }
        });
    }
}
