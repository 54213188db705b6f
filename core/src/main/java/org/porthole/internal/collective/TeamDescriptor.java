package org.porthole.internal.collective;

/// Where things lie in a rank's control memory of a team.
///
/// ```
/// 0        int   how many threads, of any rank, sleep on a word of this memory
/// 128      slots one per rank of the team, each of two halves, used in turn:
///            +0   long  arrival: sequence number << 8 | kind of collective; stored last
///            +8   long  argument: what the ranks must agree on
///            +16  112 bytes of payload
/// then     longs, one per rank of the team: not 0 once that rank looks at this memory no more
/// then     two work areas, used in turn, each of a contribution and a result
/// ```
///
/// Rank r writes its arrivals in slot r of its own memory, where mapped peers read them, and puts slot r of the others. A line has one writer; halves are 128 bytes because adjacent lines are fetched in pairs.
final class TeamDescriptor {
    static final long SLEEPERS = 0;
    static final long SLOTS = 128;
    static final long HALF = 128;
    static final long SLOT = 2 * HALF;
    static final long ARGUMENT = 8;
    static final long PAYLOAD = 16;
    static final int PAYLOAD_BYTES = (int) (HALF - PAYLOAD);
    static final long AREA = 64 << 10;

    private TeamDescriptor() {}

    static long slot(int rank, long sequence) {
        return SLOTS + rank * SLOT + (sequence & 1) * HALF;
    }

    static long departure(int size, int rank) {
        return SLOTS + size * SLOT + (long) rank * Long.BYTES;
    }

    private static long areas(int size) {
        return (departure(size, size) + HALF) & -HALF;
    }

    static long contribution(int size, long chunk) {
        return areas(size) + (chunk & 1) * 2 * AREA;
    }

    static long result(int size, long chunk) {
        return contribution(size, chunk) + AREA;
    }

    static long byteSize(int size) {
        return areas(size) + 4 * AREA;
    }
}
