package org.porthole.internal.bootstrap;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.porthole.JoinException;
import org.porthole.internal.progress.Membership;

/// The ranks of one job that are threads of this process.
///
/// **Threads.** Any.
public final class LocalGroup {
    private final int size;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Membership[] memberships;
    private final String[] failures;
    private final boolean[] left;
    private List<byte[]> collecting;
    private int collected;
    private long rounds;
    private List<byte[]> finished = List.of();

    /// A group without members yet.
    ///
    /// @param size how many ranks
    public LocalGroup(int size) {
        this.size = size;
        memberships = new Membership[size];
        failures = new String[size];
        left = new boolean[size];
        collecting = emptyRound();
    }

    /// How many ranks there are.
    ///
    /// @return the size
    public int size() {
        return size;
    }

    private List<byte[]> emptyRound() {
        return new ArrayList<>(Collections.nCopies(size, new byte[0]));
    }

    /// The way of one rank.
    ///
    /// @param rank the rank
    /// @return its bootstrap
    public Bootstrap bootstrap(int rank) {
        return new Bootstrap() {
            @Override
            public boolean isOneHost() {
                return true;
            }

            @Override
            public String method() {
                return "threads of one process";
            }

            @Override
            public int rank() {
                return rank;
            }

            @Override
            public int size() {
                return size;
            }

            @Override
            public String secret() {
                return "";
            }

            @Override
            public List<byte[]> exchange(byte[] mine) {
                return exchangeAs(rank, mine);
            }

            @Override
            public void joined(AbortListener listener) {}

            // All ranks end with this process.
            @Override
            public void abort(int exitCode) {}

            @Override
            public void awaitAllLeft() {
                leave(rank);
            }

            @Override
            public void close() {}
        };
    }

    private List<byte[]> exchangeAs(int rank, byte[] mine) {
        lock.lock();
        try {
            long round = rounds;
            collecting.set(rank, mine);
            if (++collected == size) {
                finished = List.copyOf(collecting);
                collecting = emptyRound();
                collected = 0;
                rounds++;
                changed.signalAll();
                return finished;
            }
            while (rounds == round) {
                for (int peer = 0; peer < size; peer++) {
                    if (failures[peer] != null) {
                        throw new JoinException("rank " + peer + " failed before it had joined: " + failures[peer]);
                    }
                }
                changed.awaitUninterruptibly();
            }
            return finished;
        } finally {
            lock.unlock();
        }
    }

    /// Lets the others' view of the job be told when this rank fails.
    ///
    /// @param rank       the rank
    /// @param membership its view
    public void enrol(int rank, Membership membership) {
        lock.lock();
        try {
            memberships[rank] = membership;
            for (int peer = 0; peer < size; peer++) {
                if (failures[peer] != null) {
                    membership.peerGone(peer, failures[peer]);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /// A rank's body threw: every other rank sees it gone.
    ///
    /// @param rank  the rank
    /// @param cause what it threw
    public void fail(int rank, Throwable cause) {
        lock.lock();
        try {
            failures[rank] = "it threw " + cause;
            left[rank] = true;
            for (int peer = 0; peer < size; peer++) {
                if (peer != rank && memberships[peer] != null) {
                    memberships[peer].peerGone(rank, failures[rank]);
                }
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void leave(int rank) {
        lock.lock();
        try {
            left[rank] = true;
            changed.signalAll();
            while (!allLeft()) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean allLeft() {
        for (boolean one : left) {
            if (!one) {
                return false;
            }
        }
        return true;
    }
}
