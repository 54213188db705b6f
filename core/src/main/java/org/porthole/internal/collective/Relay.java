package org.porthole.internal.collective;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.porthole.internal.route.Target;
import org.porthole.spi.Memory;

/// Arrivals that are passed on: in round `k` a rank tells the one `2^k` above it what it has heard so far, so that all have heard of all after as many
/// rounds as the team's size has bits, and a rank of a thousand talks to ten. What ranks bring for all travels along.
///
/// A rank that has arrived passes on what it hears while it waits, or looks at a request, and not while it computes.
///
/// **Threads.** One of the rank at a time.
/// **Source.** Hensgen, Finkel, Manber, *Two algorithms for barrier synchronization* (1988); Bruck et al., *Efficient algorithms for all-to-all
/// communications in multiport message-passing systems* (1997), 3.
final class Relay {
    /// That nothing travels along.
    static final long NO_CARGO = -1;

    private static final VarHandle LONG = ValueLayout.JAVA_LONG.varHandle();
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    private final int rank;
    private final int size;
    private final int rounds;
    private final Memory memory;
    private final MemorySegment own;
    private final Target[] targets;
    private final long base;

    private long sequence;
    private int round;
    private long cargo;
    private long stride;
    private int from;

    /// @param base where the relay's part of every rank's control memory begins
    Relay(int rank, Memory memory, Target[] targets, long base) {
        this.rank = rank;
        this.size = targets.length;
        this.memory = memory;
        this.own = memory.segment();
        this.targets = targets;
        this.base = base;
        rounds = Integer.SIZE - Integer.numberOfLeadingZeros(size - 1);
    }

    private static long roundWord(long base, int round) {
        return base + (long) round * Long.BYTES;
    }

    private long entry(int of, long number) {
        return base + TeamDescriptor.relayEntry(size, of, number);
    }

    /// Where in every rank's control memory the payloads of an arrival begin, those of ranks one after the other.
    long payloads(long number) {
        return base + TeamDescriptor.relayPayloads(size, number);
    }

    /// Arrives.
    ///
    /// @param number   of the arrival, from 1 on
    /// @param arrival  what others are told of it
    /// @param argument and this
    /// @param bytes    where in every rank's control memory what is brought is, or [#NO_CARGO]; what all bring, one after the other
    /// @param length   how much each brings, in bytes
    /// @param who      who brings something, or [Call#ALL]
    void arrive(long number, long arrival, long argument, long bytes, long length, int who) {
        sequence = number;
        round = 0;
        cargo = bytes;
        stride = length;
        from = who;
        long entry = entry(rank, number);
        own.set(ValueLayout.JAVA_LONG, entry, arrival);
        own.set(ValueLayout.JAVA_LONG, entry + Long.BYTES, argument);
        if (rounds > 0) {
            tell(0);
        }
    }

    /// Passes on what has come.
    ///
    /// @return whether everything has
    boolean advance() {
        while (round < rounds) {
            if (!hasCome(round)) {
                return false;
            }
            round++;
            if (round < rounds) {
                tell(round);
            }
        }
        return true;
    }

    private boolean hasCome(int of) {
        return (long) LONG.getAcquire(own, roundWord(base, of)) >= sequence;
    }

    private void tell(int of) {
        int distance = 1 << of;
        int count = Math.min(distance, size - distance);
        int first = Math.floorMod(rank - count + 1, size);
        Target target = targets[upwards(distance)];
        putRuns(target, entry(0, sequence), TeamDescriptor.RELAY_ENTRY, first, count);
        if (cargo != NO_CARGO) {
            if (from == Call.ALL) {
                putRuns(target, cargo, stride, first, count);
            } else if (Math.floorMod(from - first, size) < count) {
                target.put(cargo, own, cargo, stride);
            }
        }
        target.announce(roundWord(base, of), sequence, TeamDescriptor.SLEEPERS);
    }

    /// Puts what was brought by `count` ranks, upwards from `first`, after the last of which comes rank 0.
    private void putRuns(Target target, long at, long each, int first, int count) {
        int upwards = Math.min(count, size - first);
        target.put(at + first * each, own, at + first * each, upwards * each);
        if (upwards < count) {
            target.put(at, own, at, (count - upwards) * each);
        }
    }

    private int upwards(int distance) {
        return (rank + distance) % size;
    }

    /// Sleeps until more may have come.
    void park(long timeoutNs) {
        INT.getAndAdd(own, TeamDescriptor.SLEEPERS, 1);
        try {
            long word = (long) LONG.getAcquire(own, roundWord(base, round));
            if (word < sequence) {
                memory.park(roundWord(base, round), (int) word, timeoutNs);
            }
        } finally {
            INT.getAndAdd(own, TeamDescriptor.SLEEPERS, -1);
        }
    }

    /// What a rank was heard to arrive for, maybe earlier.
    long arrival(int peer) {
        return own.get(ValueLayout.JAVA_LONG, entry(peer, sequence));
    }

    long argument(int peer) {
        return own.get(ValueLayout.JAVA_LONG, entry(peer, sequence) + Long.BYTES);
    }

    /// Whether this rank still has to hear from a rank, of whomever.
    boolean isNeeded(int peer) {
        for (int each = round; each < rounds; each++) {
            if (Math.floorMod(rank - (1 << each), size) == peer && !hasCome(each)) {
                return true;
            }
        }
        return false;
    }

    /// Whether this rank tells a rank of its arrivals.
    boolean isTold(int peer) {
        for (int each = 0; each < rounds; each++) {
            if (upwards(1 << each) == peer) {
                return true;
            }
        }
        return false;
    }
}
