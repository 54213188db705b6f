package org.porthole.internal.collective;

/// Where things lie in a rank's control memory of a team.
///
/// ```
/// 0        int   how many threads, of any rank, sleep on a word of this memory
/// 128      longs, one per rank of the team: not 0 once that rank looks at this memory no more
/// then     longs, one per rank of the team: not 0 once that rank takes part in no collective any more
/// then     two lanes, one of the collectives that wait and one of those that were started as requests, each of
///          slots one per rank of the team, each of two halves, used in turn:
///            +0   long  arrival: sequence number << 8 | kind of collective; stored last
///            +8   long  argument: what the ranks must agree on
///            +16  112 bytes of payload
///          two work areas, used in turn, each of a contribution and a result
/// then, where a peer is reached by messages: for each lane two inboxes, used in turn, into which such peers put what this rank would read in their areas
/// ```
///
/// Rank r writes its arrivals in slot r of its own memory, where mapped peers read them, and puts slot r of the others. A line has one writer; halves are 128 bytes because adjacent lines are fetched in pairs.
final class TeamDescriptor {
    static final long SLEEPERS = 0;
    static final long HALF = 128;
    static final long SLOT = 2 * HALF;
    static final long ARGUMENT = 8;
    static final long PAYLOAD = 16;
    static final int PAYLOAD_BYTES = (int) (HALF - PAYLOAD);
    static final long AREA = 128 << 10;
    static final long INBOX = 2 * AREA;
    static final int LANES = 2;

    private static final long DEPARTURES = 128;

    private TeamDescriptor() {}

    static long departure(int rank) {
        return DEPARTURES + (long) rank * Long.BYTES;
    }

    static long withdrawal(int size, int rank) {
        return departure(size + rank);
    }

    private static long laneBytes(int size) {
        return size * SLOT + 4 * AREA;
    }

    /// Where a lane begins; its slots are its first.
    static long lane(int size, int lane) {
        return ((withdrawal(size, size) + HALF - 1) & -HALF) + lane * laneBytes(size);
    }

    /// Where in a lane's slots that of an arrival is.
    static long slot(int rank, long sequence) {
        return rank * SLOT + (sequence & 1) * HALF;
    }

    /// Where in a lane the contribution of a step is.
    static long contribution(int size, long step) {
        return size * SLOT + (step & 1) * 2 * AREA;
    }

    /// Where in the control memory the inbox of a step is.
    static long inbox(int size, int lane, long step) {
        return lane(size, LANES) + (2L * lane + (step & 1)) * INBOX;
    }

    static long byteSize(int size, boolean withInboxes) {
        return withInboxes ? inbox(size, LANES, 0) : lane(size, LANES);
    }
}
