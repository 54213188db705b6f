package org.porthole.internal.check;

import org.porthole.Team;

/// The clocks of what ranks synchronise by in one window. Each rank has, in the check's own window,
/// * two for the lock on its part: what exclusive holders and what sharers had done when they gave it back,
/// * one for each of its counters,
/// * for each rank, one for when that one posted to it, and one for when it completed its access,
/// * some for the words of its part: which one belongs to which word is a matter of a hash.
///
/// **Threads.** One of the rank at a time.
final class WindowClocks {
    private static final int EXCLUSIVE = 0;
    private static final int SHARED = 1;
    private static final int COUNTERS = 2;
    private static final int WORDS = 64;

    private final Clock clock;
    private final ClockMemory memory;
    private final int me;
    private final int posts;
    private final int completions;
    private final int words;
    /// The clock's version that was told last, by rank and word clock.
    private final long[] told;
    /// The same of the clocks of locks.
    private final long[] unlocked;

    /// Collective.
    WindowClocks(Team team, Clock clock, int counters) {
        this.clock = clock;
        me = team.rank();
        posts = COUNTERS + counters;
        completions = posts + team.size();
        words = completions + team.size();
        memory = new ClockMemory(team, clock, (long) words + WORDS);
        told = new long[team.size() * WORDS];
        unlocked = new long[team.size() * COUNTERS];
    }

    /// A lock was taken.
    void locked(int target, boolean exclusive) {
        memory.collect(target, EXCLUSIVE);
        if (exclusive) {
            memory.collect(target, SHARED);
        }
    }

    /// A lock is about to be given back.
    void unlocking(int target, boolean exclusive) {
        clock.release();
        int kind = exclusive ? EXCLUSIVE : SHARED;
        if (unlocked[target * COUNTERS + kind] != clock.version()) {
            memory.publish(target, kind);
            unlocked[target * COUNTERS + kind] = clock.version();
        }
    }

    void posting(int... origins) {
        clock.release();
        for (int origin : origins) {
            memory.publish(origin, posts + me);
        }
    }

    void started(int... targets) {
        for (int target : targets) {
            memory.collectOwn(posts + target);
        }
    }

    void completing(int... targets) {
        clock.release();
        for (int target : targets) {
            memory.publish(target, completions + me);
        }
    }

    void completed(int... origins) {
        for (int origin : origins) {
            memory.collectOwn(completions + origin);
        }
    }

    void raising(int target, int counter) {
        clock.release();
        memory.publish(target, COUNTERS + counter);
    }

    void noticed(int counter) {
        memory.collectOwn(COUNTERS + counter);
    }

    /// A word is about to be written.
    void writing(int target, long offset) {
        clock.releaseByWord();
        int slot = slot(offset);
        if (told[target * WORDS + slot] != clock.version()) {
            memory.publish(target, words + slot);
            told[target * WORDS + slot] = clock.version();
        }
    }

    /// A word was read.
    void read(int target, long offset) {
        memory.collect(target, words + slot(offset));
    }

    private static int slot(long offset) {
        long word = offset >>> 3;
        return (int) (word ^ (word >>> 6) ^ (word >>> 12)) & (WORDS - 1);
    }

    /// Collective.
    void close() {
        memory.close();
    }
}
