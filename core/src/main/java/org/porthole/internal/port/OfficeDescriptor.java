package org.porthole.internal.port;

/// Where things lie in a rank's post office: the part of its control memory by which peers reach its ports.
///
/// ```
/// 0        int   how many of this rank's threads sleep, and are to be woken when something comes
/// 128      int   the bell, on which they sleep
/// 256      long  knocks: raised by a peer that has filled in its slot
/// 384      slots of 512 bytes, one per rank of the job, written by that rank:
///            +0   long  how many bytes of keys there are; not 0 once that rank has a ring for this one to send into; stored last
///            +8   longs, one per lane: how far that rank has emptied the ring that this one sends into
///            +64  keys of the ring
/// ```
///
/// A line has one writer.
final class OfficeDescriptor {
    static final long ASLEEP = 0;
    static final long BELL = 128;
    static final long KNOCKS = 256;
    static final long SLOTS = 384;
    static final long SLOT = 512;
    static final long EMPTIED = 8;
    static final long KEYS = 64;
    static final int MAX_KEYS = (int) (SLOT - KEYS);

    private OfficeDescriptor() {}

    static long slot(int rank) {
        return SLOTS + rank * SLOT;
    }

    static long emptied(int rank, int lane) {
        return slot(rank) + EMPTIED + (long) lane * Long.BYTES;
    }

    /// How much memory the office of one rank takes.
    ///
    /// @param size how many ranks the job has
    static long byteSize(int size) {
        return slot(size);
    }
}
