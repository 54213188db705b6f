package org.porthole.internal.check;

/// Accesses of one origin to one part that are alike: the same operation from the same line of the program, started when the rank had heard the
/// same, and completed together.
final class AccessSet {
    final Operation operation;
    final String site;
    /// Whether it was done by lease.
    final boolean leased;

    final Footprint bytes;
    /// What the origin had heard when they started.
    long[] start;
    long heard;
    /// The origin's own time when they were complete.
    long done = Clock.NEVER;
    /// Whether later accesses must not join it.
    boolean sealed;

    AccessSet(Operation operation, String site, Clock clock, boolean leased) {
        this.operation = operation;
        this.leased = leased;
        this.site = site;
        startAt(clock);
        bytes = new Footprint();
    }

    void startAt(Clock clock) {
        start = clock.start();
        heard = clock.heard();
    }

    boolean isLike(Operation what, String where) {
        return operation == what && site.equals(where);
    }

    /// Takes over a later one that is alike but for times. Both then count as started with the later and completed with the earlier, so that nothing
    /// seems less ordered than it is.
    void merge(AccessSet later) {
        bytes.addAll(later.bytes);
        start = later.start;
        heard = later.heard;
        done = Math.min(done, later.done);
    }
}
