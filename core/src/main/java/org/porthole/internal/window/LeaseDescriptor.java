package org.porthole.internal.window;

/// Where things lie in the memory of one rank's leases, which is made when it gives the first one.
///
/// ```
/// lines of 64 bytes, one per rank of the team, then 32 for bearers:
///        +0  long  the lease's id; 0 if there is none, or none any more
///        +8  long  the bits of the rights
///        +16 long  from which byte on
///        +24 long  and up to which
///        +32 long  why the last one has ended: 0 if there was none
///        +40 long  how many bytes of keys there are
/// then 128 slots of 64 bytes, for origins that map the memory, each taken for the time of an access:
///        +0  int   the job's rank that has taken it, + 1; 0 if it is free
///        +8  long  the id of the lease on which an operation is under way; -1 once the owner has given up on it
/// then for each line 512 bytes: the keys of what it grants, for transports that cannot map
/// ```
///
/// An operation announces itself in its slot, then looks at the line. The owner ends a lease in the line, then looks at the slots; it pays for the fence
/// between the origin's two steps (adr/0003).
final class LeaseDescriptor {
    static final int BEARERS = 32;
    static final int SLOTS = 128;
    static final int MOST_KEY_BYTES = 512;

    static final long RIGHTS = 8;
    static final long FROM = 16;
    static final long TO = 24;
    static final long WHY = 32;
    static final long KEYS_LENGTH = 40;

    static final long INSIDE = 8;
    static final long GIVEN_UP = -1;

    static final long LINE = 64;

    private final int lines;

    /// @param size how many ranks the team has
    LeaseDescriptor(int size) {
        lines = size + BEARERS;
    }

    int lines() {
        return lines;
    }

    long line(int i) {
        return i * LINE;
    }

    long slot(int i) {
        return (lines + i) * LINE;
    }

    long keys(int line) {
        return (lines + SLOTS) * LINE + (long) line * MOST_KEY_BYTES;
    }

    long byteSize() {
        return keys(lines);
    }
}
