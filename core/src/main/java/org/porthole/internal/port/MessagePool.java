package org.porthole.internal.port;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.porthole.internal.progress.SpinLock;

/// Messages for what arrives, used again and again. Short ones are cut from larger pieces; both kinds stay with the pool once made.
///
/// **Threads.** Any.
final class MessagePool {
    /// What a message costs besides its bytes, roughly.
    private static final int OVERHEAD = 128;

    private static final int SMALL = 192;
    private static final int SLAB = 64;

    private final PostOffice office;
    private final long limit;
    private final SpinLock lock = new SpinLock();
    private PooledMessage small;
    private PooledMessage large;
    private long inUse;

    MessagePool(PostOffice office, long limit) {
        this.office = office;
        this.limit = limit;
    }

    /// A message that has room for some bytes.
    ///
    /// @param length how many
    /// @param needed whether it is had beyond the limit too
    /// @return null if there is too much in use
    PooledMessage take(long length, boolean needed) {
        boolean isSmall = length <= SMALL;
        long cost = OVERHEAD + (isSmall ? SMALL : office.payload());
        lock.lock();
        try {
            if (inUse + cost > limit && !needed) {
                return null;
            }
            PooledMessage message = isSmall ? small : large;
            if (message == null) {
                message = isSmall ? makeSmall() : newLarge();
            } else if (isSmall) {
                small = message.next;
            } else {
                large = message.next;
            }
            message.next = null;
            message.cost = cost;
            inUse += cost;
            return message;
        } finally {
            lock.unlock();
        }
    }

    void give(PooledMessage message) {
        lock.lock();
        try {
            inUse -= message.cost;
            message.cost = 0;
            if (message.capacity() <= SMALL) {
                message.next = small;
                small = message;
            } else {
                message.next = large;
                large = message;
            }
        } finally {
            lock.unlock();
        }
    }

    private PooledMessage makeSmall() {
        MemorySegment slab = Arena.ofAuto().allocate((long) SLAB * SMALL, RecordDescriptor.UNIT);
        for (int i = 1; i < SLAB; i++) {
            PooledMessage each = new PooledMessage(office, slab.asSlice((long) i * SMALL, SMALL), false);
            each.next = small;
            small = each;
        }
        return new PooledMessage(office, slab.asSlice(0, SMALL), false);
    }

    private PooledMessage newLarge() {
        return new PooledMessage(office, memory(office.payload()), false);
    }

    /// A message of a program's own.
    PooledMessage own() {
        return new PooledMessage(office, memory(SMALL), true);
    }

    static MemorySegment memory(long length) {
        return Arena.ofAuto().allocate(length, RecordDescriptor.UNIT);
    }
}
