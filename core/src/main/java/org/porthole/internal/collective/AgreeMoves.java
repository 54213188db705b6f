package org.porthole.internal.collective;

import java.lang.foreign.MemorySegment;

/// What comes before the operations whose sizes not every rank knows: the root, or every rank, tells how many bytes it has for or wants from each. If
/// a rank expects something else, the operation fails on all before anything is moved.
final class AgreeMoves implements Moves {
    /// What each is told: how many bytes are for it, and the most that are for any.
    private static final long TOLD = 2 * Long.BYTES;

    private final WorkAreas areas;
    private final int rank;
    private final int size;
    private final Moves refusal;
    private final long[] told = new long[2];
    private final MemorySegment toldSegment = MemorySegment.ofArray(told);

    AgreeMoves(WorkAreas areas, int rank, int size, Moves refusal) {
        this.areas = areas;
        this.rank = rank;
        this.size = size;
        this.refusal = refusal;
    }

    @Override
    public boolean bring(Call call) {
        areas.begin(false, 0);
        if (call.root == Call.ALL || call.root == rank) {
            told[1] = Layout.longest(call.counts);
            for (int peer = 0; peer < size; peer++) {
                told[0] = call.counts[peer];
                areas.bring(peer * TOLD, toldSegment, 0, TOLD);
                areas.send(peer, peer * TOLD, TOLD, TOLD);
            }
        }
        areas.arrive(call, 0);
        return true;
    }

    @Override
    public void take(Call call) {
        if (call.root != Call.ALL) {
            areas.take(call.root, rank * TOLD, TOLD, toldSegment, 0, TOLD);
            proceed(call, told[0], call.expected, told[1]);
            return;
        }
        long longest = 0;
        for (int peer = 0; peer < size; peer++) {
            areas.take(peer, rank * TOLD, TOLD, toldSegment, 0, TOLD);
            longest = Math.max(longest, told[1]);
            if (proceed(call, told[0], call.into.count(peer), longest)) {
                return;
            }
        }
    }

    /// Goes on with the moves of data, or, if this rank expects another size, with what fails on every rank: no other arrives with the same.
    ///
    /// @return whether this rank refuses
    private boolean proceed(Call call, long theirs, long expected, long longest) {
        boolean refuses = theirs != expected;
        if (refuses) {
            call.kind = CollectiveKind.SIZES_DIFFER;
            call.argument = CollectiveKind.argument(rank, expected);
        }
        call.longest = longest;
        call.moves = refuses ? refusal : call.afterAgreement;
        return refuses;
    }
}
