package org.porthole.internal.check;

/// An [AccessSet] of another rank.
final class ReceivedSet {
    final Operation operation;
    final String site;
    /// Whether it was done by lease.
    final boolean leased;
    /// What the origin had heard when it started.
    final long[] start;
    /// The origin's own time when it was complete.
    final long done;
    /// Begins and ends of the bytes, in ascending order.
    final long[] runs;

    ReceivedSet(Operation operation, String site, boolean leased, long[] start, long done, long... runs) {
        this.operation = operation;
        this.site = site;
        this.leased = leased;
        this.start = start;
        this.done = done;
        this.runs = runs;
    }
}
