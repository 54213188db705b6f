package org.porthole.internal.collective;

/// Where things lie in a rank's control memory of a team.
///
/// ```
/// 0        int   how many threads, of any rank, sleep on a word of this memory
/// 128      longs, one per rank of the team: not 0 once that rank looks at this memory no more
/// then     longs, one per rank of the team: not 0 once that rank takes part in no collective any more: 1, or 2 more than the rank whose failure it is for
/// then     two lanes, one of the collectives that wait and one of those that were started as requests, each of
///          slots one per rank of the team, each of two halves, used in turn:
///            +0   long  arrival: sequence number << 8 | kind of collective; stored last
///            +8   long  argument: what the ranks must agree on
///            +16  112 bytes of payload
///          two work areas, used in turn, each of a contribution and a result
/// then, where a peer is reached by messages, or arrivals are relayed:
///          for each lane two inboxes, used in turn, into which such peers put what this rank would read in their areas
///          for each lane a relay:
///            16 longs: the last arrival that was told in each round
///            two halves, used in turn, each of
///              arrival and argument of every rank
///              112 bytes of payload of every rank
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
    static final long RELAY_ENTRY = 2 * Long.BYTES;

    private static final long DEPARTURES = 128;
    private static final long ROUNDS = 128;

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

    /// Where in the control memory the relay of a lane is.
    static long relay(int size, int lane) {
        return inbox(size, LANES, 0) + lane * relayBytes(size);
    }

    private static long relayHalf(int size) {
        return size * (RELAY_ENTRY + PAYLOAD_BYTES);
    }

    private static long relayBytes(int size) {
        return ROUNDS + 2 * relayHalf(size);
    }

    /// Where in a relay what a rank has arrived for is.
    static long relayEntry(int size, int rank, long sequence) {
        return ROUNDS + (sequence & 1) * relayHalf(size) + rank * RELAY_ENTRY;
    }

    /// Where in a relay the payloads of an arrival are.
    static long relayPayloads(int size, long sequence) {
        return relayEntry(size, size, sequence);
    }

    static long byteSize(int size, boolean withInboxes) {
        return withInboxes ? relay(size, LANES) : lane(size, LANES);
    }
}
