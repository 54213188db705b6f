package org.porthole.testkit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.porthole.Access;
import org.porthole.DataType;
import org.porthole.Job;
import org.porthole.Operator;
import org.porthole.Window;

/// A small program, made from a seed, of which it is known whether it has a conflict.
interface RacyProgram {
    /// How many ranks all of them take.
    int RANKS = 4;

    /// What every rank does.
    void run(Job job, Window window);

    /// Whether a conflict must be found.
    boolean isRacy();

    /// Two ranks access one place, with some synchronisation in between.
    static RacyProgram ofTwoOrigins(Random random) {
        RacyOrder order = pick(random, RacyOrder.values());
        RacyShape first = pick(random, RacyShape.values());
        RacyShape second = pick(random, RacyShape.values());
        int one = random.nextInt(RANKS);
        int other = (one + 1 + random.nextInt(RANKS - 1)) % RANKS;
        int target = random.nextInt(RANKS);
        while (order.needsThird() && (target == one || target == other)) {
            target = random.nextInt(RANKS);
        }
        long offset = 256 + 8L * random.nextInt(64);
        long apart = random.nextInt(4) == 0 ? 48 : 0;
        return new TwoOrigins(order, first, second, one, other, target, offset, apart);
    }

    private static <T> T pick(Random random, T[] of) {
        return of[random.nextInt(of.length)];
    }

    /// Two origins.
    ///
    /// @param order  what lies between the accesses
    /// @param first  what one does
    /// @param second what the other does
    /// @param one    a rank
    /// @param other  another
    /// @param target whom they reach
    /// @param offset where
    /// @param apart  how far from each other
    record TwoOrigins(
            RacyOrder order, RacyShape first, RacyShape second, int one, int other, int target, long offset, long apart)
            implements RacyProgram {
        @Override
        public void run(Job job, Window window) {
            order.run(new RacyParts(job, window, one, other, target, first, second, offset, apart));
        }

        @Override
        public boolean isRacy() {
            return apart == 0 && !order.orders(first) && first.conflictsWith(second);
        }
    }

    /// What one rank may do between two operations of its own.
    enum Between {
        NOTHING,
        FLUSH,
        FLUSH_ALL,
        FLUSH_OTHER,
        FLUSH_LOCAL,
        FLUSH_LOCAL_ALL,
        FENCE,
        REQUEST,
        REQUEST_LOCAL;

        void run(Access access, int target) {
            switch (this) {
                case NOTHING -> {}
                case FLUSH -> access.flush(target);
                case FLUSH_ALL -> access.flushAll();
                case FLUSH_OTHER -> access.flush((target + 1) % RANKS);
                case FLUSH_LOCAL -> access.flushLocal(target);
                case FLUSH_LOCAL_ALL -> access.flushLocalAll();
                case FENCE -> access.fence(target);
                case REQUEST -> access.request(target).await();
                case REQUEST_LOCAL -> access.requestLocal(target).await();
            }
        }

        boolean completes() {
            return this == FLUSH || this == FLUSH_ALL || this == REQUEST;
        }

        boolean completesLocally() {
            return completes() || this == FLUSH_LOCAL || this == FLUSH_LOCAL_ALL || this == REQUEST_LOCAL;
        }

        boolean orders(RacyShape earlier) {
            return completes() || this == FENCE || (completesLocally() && earlier.isFetching());
        }
    }

    /// One rank accesses one place twice.
    static RacyProgram ofOneOrigin(Random random) {
        long apart = random.nextInt(4) == 0 ? 48 : 0;
        return new OneOrigin(
                pick(random, Between.values()),
                pick(random, RacyShape.values()),
                pick(random, RacyShape.values()),
                random.nextInt(RANKS),
                random.nextInt(RANKS),
                apart);
    }

    /// One origin.
    ///
    /// @param between what lies between the accesses
    /// @param first   the first
    /// @param second  the second
    /// @param origin  whose
    /// @param target  whom it reaches
    /// @param apart   how far from each other
    record OneOrigin(Between between, RacyShape first, RacyShape second, int origin, int target, long apart)
            implements RacyProgram {
        @Override
        public void run(Job job, Window window) {
            try (Access access = window.lockAll()) {
                if (window.team().rank() == origin) {
                    first.perform(access, target, 64);
                    between.run(access, target);
                    second.perform(access, target, 64 + apart);
                }
            }
        }

        @Override
        public boolean isRacy() {
            return apart == 0 && !between.orders(first) && second.conflictsWithEarlier(first);
        }
    }

    /// What is done with a buffer.
    enum Use {
        PUT(false),
        ACCUMULATE(false),
        GET(true),
        GET_ACCUMULATE(true),
        /// By the program itself; seen only if it is a source.
        STORE(true);

        private final boolean writes;

        Use(boolean writes) {
            this.writes = writes;
        }

        void run(Access access, int target, long offset, MemorySegment buffer) {
            switch (this) {
                case PUT -> access.put(target, offset, buffer);
                case ACCUMULATE -> access.accumulate(target, offset, DataType.LONG, Operator.SUM, buffer);
                case GET -> access.get(target, offset, buffer);
                case GET_ACCUMULATE ->
                    access.getAccumulate(
                            target,
                            offset,
                            DataType.LONG,
                            Operator.NO_OP,
                            MemorySegment.ofArray(new byte[LENGTH]),
                            buffer);
                case STORE -> buffer.set(ValueLayout.JAVA_BYTE, 5, (byte) 77);
            }
        }
    }

    /// The length of what is used of a buffer.
    int LENGTH = 32;

    /// One rank uses one buffer twice.
    static RacyProgram ofBuffers(Random random) {
        Use first = pick(random, Use.values());
        Use second = pick(random, Use.values());
        while (first == Use.STORE || (second == Use.STORE && first.writes)) {
            first = pick(random, Use.values());
        }
        return new Buffers(
                pick(random, Between.values()),
                first,
                second,
                random.nextInt(RANKS),
                random.nextInt(RANKS),
                random.nextBoolean(),
                random.nextInt(4) == 0 ? LENGTH : 8L * random.nextInt(LENGTH / 8 - 1));
    }

    /// One buffer.
    ///
    /// @param between what lies between the uses
    /// @param first   the first
    /// @param second  the second
    /// @param origin  whose
    /// @param target  whom both reach, at different places
    /// @param isHeap  whether the buffer is an array
    /// @param apart   how far what they use is from each other
    record Buffers(Between between, Use first, Use second, int origin, int target, boolean isHeap, long apart)
            implements RacyProgram {
        @Override
        public void run(Job job, Window window) {
            try (Arena arena = Arena.ofShared();
                    Access access = window.lockAll()) {
                if (window.team().rank() == origin) {
                    MemorySegment buffer = isHeap ? MemorySegment.ofArray(new long[8]) : arena.allocate(64, 8);
                    first.run(access, target, 64, buffer.asSlice(0, LENGTH));
                    between.run(access, target);
                    // A store is into the middle of the first's bytes, or behind them.
                    long at = second == Use.STORE && apart < LENGTH ? 0 : apart;
                    second.run(access, target, 256, buffer.asSlice(at, LENGTH));
                }
            }
        }

        @Override
        public boolean isRacy() {
            return apart < LENGTH && !between.completesLocally() && (first.writes || second.writes);
        }
    }
}
