package org.porthole.internal.port;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/// The messages of this rank whose outcomes are not here yet. Whoever claims an entry by its id ends it; nobody else can.
///
/// **Threads.** Any.
final class CallTable {
    static final int SIZE = 4096;
    private static final long TAKEN = -1;

    private final AtomicLongArray ids = new AtomicLongArray(SIZE);
    private final AtomicLong next = new AtomicLong();
    private final HeldRight[] rights = new HeldRight[SIZE];
    private final PooledMessage[] messages = new PooledMessage[SIZE];
    private final OpenPort[] replyPorts = new OpenPort[SIZE];
    private final long[] tags = new long[SIZE];
    private final int[] ranks = new int[SIZE];

    static int slot(long id) {
        return (int) id & SIZE - 1;
    }

    /// Enters a message.
    ///
    /// @param rank      who answers
    /// @param right     what it is sent with; null for a request of the runtime's
    /// @param message   where the outcome goes; null if to a port
    /// @param replyPort that port
    /// @return its id, never 0; 0 if too many are outstanding
    long enter(int rank, HeldRight right, PooledMessage message, OpenPort replyPort, long tag) {
        for (int tries = 0; tries < SIZE; tries++) {
            long id = next.incrementAndGet();
            int slot = slot(id);
            if (ids.getOpaque(slot) == 0 && ids.compareAndSet(slot, 0, TAKEN)) {
                ranks[slot] = rank;
                rights[slot] = right;
                messages[slot] = message;
                replyPorts[slot] = replyPort;
                tags[slot] = tag;
                ids.setRelease(slot, id);
                return id;
            }
        }
        return 0;
    }

    /// Claims an entry, to be [freed][#free(long)].
    ///
    /// @return false if it has ended, or another rank is to answer
    boolean claim(long id, int rank) {
        int slot = slot(id);
        return id > 0 && ids.getAcquire(slot) == id && ranks[slot] == rank && ids.compareAndSet(slot, id, TAKEN);
    }

    PooledMessage message(long id) {
        return messages[slot(id)];
    }

    OpenPort replyPort(long id) {
        return replyPorts[slot(id)];
    }

    long tag(long id) {
        return tags[slot(id)];
    }

    void free(long id) {
        int slot = slot(id);
        messages[slot] = null;
        replyPorts[slot] = null;
        rights[slot] = null;
        ids.setRelease(slot, 0);
    }

    /// What a message that is outstanding was sent with; null if it is not.
    HeldRight right(long id) {
        int slot = slot(id);
        HeldRight right = rights[slot];
        return ids.getAcquire(slot) == id ? right : null;
    }

    /// Looks at entries that a rank is to answer.
    void forEach(int rank, java.util.function.LongConsumer action) {
        for (int slot = 0; slot < SIZE; slot++) {
            long id = ids.getAcquire(slot);
            if (id > 0 && ranks[slot] == rank) {
                action.accept(id);
            }
        }
    }
}
