package org.porthole.cli.perf;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.porthole.Access;

/// The loops of one-sided operations of one size. Rank 0 runs them; the target takes no part.
final class AccessKernels {
    private final Access access;
    private final int target;
    private final MemorySegment bytes;
    private final MemorySegment[] destinations = new MemorySegment[Slots.OUTSTANDING];
    private final long[] slots;
    private long sink;

    /// Prepares the loops.
    ///
    /// @param access covers the target
    /// @param target the rank reached
    /// @param local  [Slots#WINDOW] bytes here
    /// @param size   bytes per operation
    AccessKernels(Access access, int target, MemorySegment local, long size) {
        this.access = access;
        this.target = target;
        bytes = local.asSlice(0, size);
        slots = Slots.offsets(size);
        for (int j = 0; j < destinations.length; j++) {
            destinations[j] = local.asSlice(slots[j], size);
        }
    }

    /// All of them, for warming up.
    List<Kernel> all() {
        return List.of(
                this::putFlush,
                this::timePutFlush,
                this::getFlush,
                this::putMany,
                this::getMany,
                this::fetchAdd,
                this::exchange);
    }

    void putFlush(int n) {
        Access to = access;
        for (int i = 0; i < n; i++) {
            to.put(target, 0, bytes);
            to.flush(target);
        }
    }

    /// One put and flush.
    ///
    /// @return nanoseconds, between readings of the clock in the same compiled method
    long putFlushNs() {
        long begin = System.nanoTime();
        access.put(target, 0, bytes);
        access.flush(target);
        return System.nanoTime() - begin;
    }

    private void timePutFlush(int n) {
        long sum = 0;
        for (int i = 0; i < n; i++) {
            sum += putFlushNs();
        }
        sink = sum;
    }

    void getFlush(int n) {
        Access from = access;
        for (int i = 0; i < n; i++) {
            from.get(target, 0, bytes);
            from.flush(target);
        }
    }

    void putMany(int n) {
        Access to = access;
        for (int i = 0; i < n; i += Slots.OUTSTANDING) {
            for (int j = 0; j < Slots.OUTSTANDING; j++) {
                to.put(target, slots[j], bytes);
            }
            to.flush(target);
        }
    }

    void getMany(int n) {
        Access from = access;
        for (int i = 0; i < n; i += Slots.OUTSTANDING) {
            for (int j = 0; j < Slots.OUTSTANDING; j++) {
                from.get(target, slots[j], destinations[j]);
            }
            from.flush(target);
        }
    }

    /// An operation that returns a value is complete then: it needs no flush.
    void fetchAdd(int n) {
        Access to = access;
        long sum = 0;
        for (int i = 0; i < n; i++) {
            sum += to.fetchAdd(target, 0, 1);
        }
        sink = sum;
    }

    void exchange(int n) {
        Access to = access;
        long sum = 0;
        for (int i = 0; i < n; i++) {
            sum += to.compareAndExchange(target, 8, 0, 0);
        }
        sink = sum;
    }

    /// What the atomics returned, so that it is used.
    long sink() {
        return sink;
    }
}
