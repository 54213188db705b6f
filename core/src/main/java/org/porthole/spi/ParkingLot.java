package org.porthole.spi;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Lets threads of this process sleep on words of memory: a futex in Java. Words share a few queues, so that a thread may wake for another's
/// word and must look again.
///
/// **Threads.** Any, virtual ones too.
final class ParkingLot {
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();
    private static final int QUEUES = 64;

    private static final class Queue {
        final ReentrantLock lock = new ReentrantLock();
        final Condition woken = lock.newCondition();
        /// Those that sleep, or are about to look for the last time. Changed under the lock.
        volatile int sleepers;
    }

    private final Queue[] queues = new Queue[QUEUES];

    ParkingLot() {
        for (int i = 0; i < QUEUES; i++) {
            queues[i] = new Queue();
        }
    }

    private Queue queue(MemorySegment segment, long offset) {
        long word = (segment.address() + offset) >>> 3;
        return queues[(int) ((word ^ word >>> 4) & (QUEUES - 1))];
    }

    @SuppressWarnings({"WaitNotInLoop", "NonAtomicVolatileUpdate"}) // the callers look again; the lock is held
    void park(MemorySegment segment, long offset, int expected, long timeoutNs) {
        Queue queue = queue(segment, offset);
        queue.lock.lock();
        queue.sleepers++;
        try {
            if ((int) INT.getVolatile(segment, offset) == expected) {
                queue.woken.awaitNanos(timeoutNs);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            queue.sleepers--;
            queue.lock.unlock();
        }
    }

    /// Takes the lock only if somebody may sleep: those who wake nobody must not wait for each other, nor allocate what threads queue up with.
    void unpark(MemorySegment segment, long offset) {
        Queue queue = queue(segment, offset);
        VarHandle.fullFence(); // between the caller's store to the word and this look
        if (queue.sleepers == 0) {
            return;
        }
        queue.lock.lock();
        try {
            queue.woken.signalAll();
        } finally {
            queue.lock.unlock();
        }
    }
}
