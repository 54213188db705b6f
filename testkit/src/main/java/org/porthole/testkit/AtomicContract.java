package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.porthole.Access;
import org.porthole.DataType;
import org.porthole.Epoch;
import org.porthole.LockKind;
import org.porthole.Operator;
import org.porthole.Region;
import org.porthole.Window;
import org.porthole.WindowSpec;
import org.porthole.config.CoreOptions;

/// Atomics are atomic to each other whoever operates, the owner included, and aligned words are never seen half written.
public abstract class AtomicContract extends TransportContract {
    private static final long[] LONGS = {
        0, 1, -1, 2, 3, 0x0123_4567_89ab_cdefL, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 32
    };
    private static final int[] INTS = {0, 1, -1, 2, 3, 0x0123_4567, Integer.MIN_VALUE, Integer.MAX_VALUE};
    private static final int RANKS = 4;
    private static final int ROUNDS = 2_000;
    private static final int GUARD = 0x5a;

    /// For transports.
    protected AtomicContract() {}

    @FunctionalInterface
    private interface Reached {
        void run(Access access, int target);
    }

    /// Lets rank 0 reach the other rank and itself, one after the other.
    private void onPeerAndSelf(Reached body) {
        ranks(2, job -> {
            try (Window window = open(job, 64)) {
                if (job.rank() == 0) {
                    try (Access access = window.lockAll()) {
                        body.run(access, 1);
                        body.run(access, 0);
                    }
                }
            }
        });
    }

    @Test
    void shouldApplyEveryOperatorToLongs() {
        onPeerAndSelf((access, target) -> {
            for (Operator op : Operator.values()) {
                for (long current : LONGS) {
                    for (long operand : LONGS) {
                        access.putLong(target, 8, current);
                        access.flush(target);
                        assertThat(access.fetchAndOp(target, 8, op, operand)).isEqualTo(current);
                        assertThat(access.getLong(target, 8))
                                .as("%s of %d and %d", op, current, operand)
                                .isEqualTo(op.apply(current, operand));
                    }
                }
            }
        });
    }

    @Test
    void shouldApplyEveryOperatorToInts() {
        onPeerAndSelf((access, target) -> {
            access.put(target, 0, MemorySegment.ofArray(filled(12, GUARD)));
            access.flush(target);
            for (Operator op : Operator.values()) {
                for (int current : INTS) {
                    for (int operand : INTS) {
                        access.putInt(target, 4, current);
                        access.flush(target);
                        assertThat(access.fetchAndOp(target, 4, op, operand)).isEqualTo(current);
                        assertThat(access.getInt(target, 4))
                                .as("%s of %d and %d", op, current, operand)
                                .isEqualTo((int) op.apply((long) current, operand));
                    }
                }
            }
            assertThat(access.getInt(target, 0)).as("the int before").isEqualTo(0x5a5a_5a5a);
            assertThat(access.getInt(target, 8)).as("the int after").isEqualTo(0x5a5a_5a5a);
        });
    }

    @Test
    void shouldExchangeOnlyWhatWasExpected() {
        onPeerAndSelf((access, target) -> {
            for (long value : LONGS) {
                access.putLong(target, 8, value);
                access.flush(target);
                assertThat(access.compareAndExchange(target, 8, value + 1, 42L)).isEqualTo(value);
                assertThat(access.getLong(target, 8)).isEqualTo(value);
                assertThat(access.compareAndExchange(target, 8, value, ~value)).isEqualTo(value);
                assertThat(access.getLong(target, 8)).isEqualTo(~value);
            }
            for (int value : INTS) {
                access.putLong(target, 16, -1);
                access.flush(target);
                access.putInt(target, 20, value);
                access.flush(target);
                assertThat(access.compareAndExchange(target, 20, value + 1, 42)).isEqualTo(value);
                assertThat(access.compareAndExchange(target, 20, value, ~value)).isEqualTo(value);
                assertThat(access.getInt(target, 20)).isEqualTo(~value);
                assertThat(access.getInt(target, 16)).as("the int before").isEqualTo(-1);
            }
        });
    }

    @Test
    void shouldRefuseMisalignedAtomics() {
        onPeerAndSelf((access, target) -> {
            for (OneSided operation : OneSided.values()) {
                for (int offset = 1; operation.atomic && offset < operation.length; offset++) {
                    int at = 8 + offset;
                    assertThatThrownBy(() -> operation.perform(access, target, at))
                            .as("%s at %d", operation, at)
                            .isInstanceOf(IllegalArgumentException.class)
                            .hasMessageContaining("offset " + at)
                            .hasMessageContaining("multiple of " + operation.length);
                }
            }
            byte[] seen = filled(64, GUARD);
            access.get(target, 0, MemorySegment.ofArray(seen));
            access.flushLocal(target);
            assertThat(seen).containsOnly(0);
        });
    }

    @Test
    void shouldLoseNoIncrementAndGiveEachTicketOnce() {
        AtomicIntegerArray taken = new AtomicIntegerArray(RANKS * ROUNDS);
        ranks(RANKS, job -> {
            try (Window window = open(job, 64)) {
                try (Epoch epoch = window.fence()) {
                    for (int i = 0; i < ROUNDS; i++) {
                        taken.incrementAndGet((int) epoch.fetchAdd(0, 8, 1));
                        int ignored = epoch.fetchAndOp((job.rank() + i) % RANKS, 4, Operator.SUM, 1);
                    }
                }
                if (job.rank() == 0) {
                    assertThat(window.local().get(ValueLayout.JAVA_LONG, 8)).isEqualTo((long) RANKS * ROUNDS);
                }
                int all = (int) job.world().allreduce(window.local().get(ValueLayout.JAVA_INT, 4), Operator.SUM);
                assertThat(all).isEqualTo(RANKS * ROUNDS);
            }
        });
        for (int ticket = 0; ticket < taken.length(); ticket++) {
            assertThat(taken.get(ticket)).as("ticket %d", ticket).isEqualTo(1);
        }
    }

    @Test
    void shouldCountInAWindowForAdapters() {
        AtomicIntegerArray taken = new AtomicIntegerArray(RANKS * ROUNDS);
        WindowSpec spec = WindowSpec.ofBytes(64).withAdapterAtomics();
        ranks(RANKS, job -> {
            try (Window window = job.world().openWindow(spec)) {
                try (Access access = window.lockAll()) {
                    for (int i = 0; i < ROUNDS / 4; i++) {
                        taken.incrementAndGet((int) access.fetchAdd(1, 8, 1));
                        incrementLong(access, i % RANKS, 16);
                    }
                    job.world().barrier();
                    assertThat(access.fetchAndOp(1, 8, Operator.NO_OP, 7L)).isEqualTo(RANKS * (ROUNDS / 4));
                }
                long all = job.world().allreduce(window.local().get(ValueLayout.JAVA_LONG, 16), Operator.SUM);
                assertThat(all).isEqualTo(RANKS * (ROUNDS / 4));
            }
        });
        for (int ticket = 0; ticket < RANKS * (ROUNDS / 4); ticket++) {
            assertThat(taken.get(ticket)).as("ticket %d", ticket).isEqualTo(1);
        }
    }

    @Test
    void shouldRefuseWhatAdaptersDoNotDoInAWindowForThem() {
        WindowSpec spec = WindowSpec.ofBytes(64).withAdapterAtomics();
        ranks(2, job -> {
            try (Window window = job.world().openWindow(spec);
                    Access access = window.lockAll()) {
                for (int target = 0; target < 2; target++) {
                    int there = target;
                    assertThatThrownBy(() -> access.fetchAndOp(there, 0, Operator.SUM, 1))
                            .isInstanceOf(IllegalStateException.class);
                    assertThatThrownBy(() -> access.compareAndExchange(there, 0, 0, 1))
                            .isInstanceOf(IllegalStateException.class);
                    assertThatThrownBy(() -> access.fetchAndOp(there, 0, Operator.XOR, 1L))
                            .isInstanceOf(IllegalStateException.class);
                    MemorySegment operand = MemorySegment.ofArray(new long[] {1});
                    assertThatThrownBy(() -> access.accumulate(there, 0, DataType.LONG, Operator.SUM, operand))
                            .isInstanceOf(IllegalStateException.class);
                    Region word = Region.contiguous(0, 8);
                    assertThatThrownBy(() -> access.accumulate(there, word, DataType.LONG, Operator.SUM, operand, word))
                            .isInstanceOf(IllegalStateException.class);
                }
            }
        });
    }

    @Test
    void shouldCountByCompareAndExchange() {
        ranks(RANKS, job -> {
            try (Window window = open(job, 64)) {
                try (Access access = window.lockAll()) {
                    for (int i = 0; i < ROUNDS / 4; i++) {
                        incrementLong(access, 1, 16);
                        incrementInt(access, 1, 12);
                    }
                }
                job.world().barrier();
                if (job.rank() == 1) {
                    assertThat(window.local().get(ValueLayout.JAVA_LONG, 16)).isEqualTo(RANKS * ROUNDS / 4);
                    assertThat(window.local().get(ValueLayout.JAVA_INT, 12)).isEqualTo(RANKS * ROUNDS / 4);
                }
            }
        });
    }

    private static void incrementLong(Access access, int target, long offset) {
        long seen = access.getLong(target, offset);
        for (long before = ~seen; before != seen; ) {
            before = seen;
            seen = access.compareAndExchange(target, offset, before, before + 1);
        }
    }

    private static void incrementInt(Access access, int target, long offset) {
        int seen = access.getInt(target, offset);
        for (int before = ~seen; before != seen; ) {
            before = seen;
            seen = access.compareAndExchange(target, offset, before, before + 1);
        }
    }

    @Test
    void shouldKeepOrderOfAtomicsOnOneWord() {
        ranks(3, job -> {
            try (Window window = open(job, 64);
                    Epoch epoch = window.fence()) {
                long mine = 8L * job.rank();
                for (long i = 0; i < ROUNDS; i++) {
                    assertThat(epoch.fetchAndOp(0, mine, Operator.REPLACE, i + 1))
                            .isEqualTo(i);
                }
            }
        });
    }

    @Test
    void shouldServeManyThreadsOfARank() {
        int threads = 3;
        ranks(2, job -> {
            try (Window window = open(job, 8 + 1000L * threads)) {
                try (Epoch epoch = window.fence()) {
                    Thread[] workers = new Thread[threads];
                    for (int i = 0; i < threads; i++) {
                        int place = i;
                        workers[i] = Thread.ofPlatform().start(() -> work(epoch, 1 - job.rank(), place));
                    }
                    for (Thread worker : workers) {
                        worker.join();
                    }
                }
                assertThat(window.local().get(ValueLayout.JAVA_LONG, 0)).isEqualTo((long) threads * ROUNDS);
                for (int i = 0; i < threads; i++) {
                    MemorySegment place = window.local().asSlice(8 + 1000L * i, 1000);
                    assertThat(place.toArray(ValueLayout.JAVA_BYTE)).containsOnly(i + 1);
                }
            }
        });
    }

    /// Puts, gets back and counts; the count is short if anything went wrong.
    private static void work(Access access, int target, int place) {
        byte[] seen = new byte[1000];
        for (int i = 0; i < ROUNDS; i++) {
            access.put(target, 8 + 1000L * place, MemorySegment.ofArray(filled(1000, i)));
            access.flush(target);
            access.get(target, 8 + 1000L * place, MemorySegment.ofArray(seen));
            access.flushLocal(target);
            assertThat(seen).isEqualTo(filled(1000, i));
            long ignored = access.fetchAdd(target, 0, 1);
        }
        access.put(target, 8 + 1000L * place, MemorySegment.ofArray(filled(1000, place + 1)));
    }

    @Test
    void shouldNeverShowHalfAWord() {
        // Readers and writer race on purpose.
        ranks(3, configuration().with(CoreOptions.CHECK, "off"), job -> {
            try (Window window = open(job, 64);
                    Access access = window.lock(0, LockKind.SHARED)) {
                if (job.rank() == 1) {
                    writeWholeWords(access);
                } else {
                    readWholeWords(access);
                }
            }
        });
    }

    private static void writeWholeWords(Access access) {
        long[] words = {0, -1};
        MemorySegment ones = MemorySegment.ofArray(words).asSlice(8);
        MemorySegment zeroes = MemorySegment.ofArray(words).asSlice(0, 8);
        for (int i = 0; i < ROUNDS; i++) {
            MemorySegment bits = (i & 1) == 0 ? ones : zeroes;
            access.put(0, 8, bits);
            access.putLong(0, 16, -(i & 1));
            access.put(0, 24, bits.asSlice(0, 4));
            access.putInt(0, 28, -(i & 1));
            access.put(0, 32, bits.asSlice(0, 2));
            access.flush(0);
        }
    }

    private static void readWholeWords(Access access) {
        long[] words = new long[1];
        MemorySegment word = MemorySegment.ofArray(words);
        for (int i = 0; i < ROUNDS; i++) {
            access.get(0, 8, word);
            access.flushLocal(0);
            requireWhole(words[0]);
            requireWhole(access.getLong(0, 8));
            requireWhole(access.getLong(0, 16));
            requireWhole(access.getInt(0, 24));
            requireWhole(access.getInt(0, 28));
            words[0] = 0;
            access.get(0, 32, word.asSlice(0, 2));
            access.flushLocal(0);
            requireWhole(word.get(ValueLayout.JAVA_SHORT, 0));
        }
    }

    private static void requireWhole(long seen) {
        if (seen != 0 && seen != -1) {
            throw new AssertionError("half a word: " + Long.toHexString(seen));
        }
    }
}
