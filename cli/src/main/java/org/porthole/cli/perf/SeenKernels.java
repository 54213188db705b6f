package org.porthole.cli.perf;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import org.porthole.Access;
import org.porthole.Operator;

/// The loops in which ranks 0 and 1 wait for each other's stores. Both run them; other ranks return at once.
final class SeenKernels {
    /// Where the loop of one cache line has it: beyond the slots.
    private static final long LINE = Slots.FOOTPRINT + 2048;

    private static final int PATIENCE = 1 << 12;
    private static final long DEADLINE_NS = 60_000_000_000L;

    private final Access access;
    private final int rank;
    private final int peer;
    private final MemorySegment local;
    private final TurnCounter turns;

    /// Prepares the loops.
    ///
    /// @param access covers all ranks
    /// @param rank   this rank
    /// @param local  [Slots#WINDOW] bytes here
    /// @param turns  counts for this window
    SeenKernels(Access access, int rank, MemorySegment local, TurnCounter turns) {
        this.access = access;
        this.rank = rank;
        this.local = local;
        this.turns = turns;
        peer = rank == 0 ? 1 : 0;
    }

    /// A put ping-pong: each rank polls the last 8 bytes of the message in its own window, and answers.
    ///
    /// Bytes of one put arrive in any order, so the last 8 are put by themselves, after a flush of those before.
    ///
    /// @param size bytes of a message; at least 8 are sent, and a multiple of 8
    /// @return the loop; one operation goes there and back
    Kernel putSeen(long size) {
        long mark = (size + 7) / 8 * 8 - 8;
        MemorySegment body = local.asSlice(0, mark);
        return n -> pingPong(n, body, mark);
    }

    private void pingPong(int n, MemorySegment body, long mark) {
        if (rank > 1) {
            return;
        }
        for (int i = 0; i < n; i++) {
            long turn = turns.next();
            if (rank == 1) {
                await(rank, mark, turn);
            }
            send(body, mark, turn);
            if (rank == 0) {
                await(rank, mark, turn);
            }
        }
    }

    private void send(MemorySegment body, long mark, long value) {
        Access to = access;
        if (mark > 0) {
            to.put(peer, 0, body);
            to.flush(peer);
        }
        to.putLong(peer, mark, value);
        to.flush(peer);
    }

    /// One word of rank 1's window, which both ranks change in turn: the cache line goes there and back.
    void line(int n) {
        if (rank > 1) {
            return;
        }
        for (int i = 0; i < n; i++) {
            long there = turns.next();
            long back = turns.next();
            if (rank == 0) {
                access.fetchAndOp(1, LINE, Operator.REPLACE, there);
                await(1, LINE, back);
            } else {
                await(1, LINE, there);
                access.fetchAndOp(1, LINE, Operator.REPLACE, back);
            }
        }
    }

    private void await(int owner, long offset, long value) {
        if (!polled(owner, offset, value)) {
            awaitLong(owner, offset, value);
        }
    }

    /// Polls, and gives up after some ten microseconds.
    private boolean polled(int owner, long offset, long value) {
        Access from = access;
        for (int polls = 0; from.getLong(owner, offset) != value; polls++) {
            // A get is a plain load, which the compiler may move out of a loop; not past a fence. On x86 this costs no
            // instruction.
            VarHandle.acquireFence();
            if (polls == PATIENCE) {
                return false;
            }
        }
        return true;
    }

    /// The peer is late: it has no core, or has died. It is given this one, without a pause: two ranks that sleep meet each other asleep.
    @SuppressWarnings("ThreadPriorityCheck") // yielding is what is meant
    private void awaitLong(int owner, long offset, long value) {
        long begin = System.nanoTime();
        do {
            Thread.yield();
            access.flush(peer); // throws if it is known to be dead
            if (System.nanoTime() - begin > DEADLINE_NS) {
                throw new IllegalStateException("rank " + rank + " waited " + DEADLINE_NS / 1_000_000_000
                        + " s for rank " + peer + " to change the word at " + offset);
            }
        } while (!polled(owner, offset, value));
    }
}
