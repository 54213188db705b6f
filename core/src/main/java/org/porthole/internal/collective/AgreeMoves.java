package org.porthole.internal.collective;

import java.lang.foreign.MemorySegment;

/// What comes before the operations whose sizes not every rank knows: the root, or every rank, tells how many bytes it has for or wants from each. If
/// a rank expects something else, the operation fails on all before anything is moved.
final class AgreeMoves implements Moves {
    private final WorkAreas areas;
    private final int rank;
    private final int size;
    private final Moves refusal;
    private final long[] told;
    private final MemorySegment toldSegment;

    AgreeMoves(WorkAreas areas, int rank, int size, Moves refusal) {
        this.areas = areas;
        this.rank = rank;
        this.size = size;
        this.refusal = refusal;
        told = new long[2 * size]; // of every rank two: what is for this rank, and the longest of all
        toldSegment = MemorySegment.ofArray(told);
    }

    @Override
    public boolean bring(Call call) {
        areas.begin(false);
        if (call.root == Call.ALL || call.root == rank) {
            System.arraycopy(call.counts, 0, told, 0, size);
            told[size] = Layout.longest(call.counts);
            areas.bring(0, toldSegment, 0, (size + 1L) * Long.BYTES);
        }
        areas.arrive(call, 0);
        return true;
    }

    @Override
    public void take(Call call) {
        if (call.root == Call.ALL) {
            takeOfAll(call);
        } else {
            takeOfRoot(call);
        }
    }

    private void takeOfRoot(Call call) {
        areas.take(call.root, 0, toldSegment, 0, (size + 1L) * Long.BYTES);
        areas.complete(call.root);
        proceed(call, told[rank], call.expected, told[size]);
    }

    private void takeOfAll(Call call) {
        long last = (long) size * Long.BYTES;
        for (int peer = 0; peer < size; peer++) {
            areas.take(peer, (long) Long.BYTES * rank, toldSegment, 2L * peer * Long.BYTES, Long.BYTES);
            areas.take(peer, last, toldSegment, (2L * peer + 1) * Long.BYTES, Long.BYTES);
        }
        areas.complete();
        long longest = 0;
        for (int peer = 0; peer < size; peer++) {
            longest = Math.max(longest, told[2 * peer + 1]);
        }
        for (int peer = 0; peer < size; peer++) {
            if (proceed(call, told[2 * peer], call.into.count(peer), longest)) {
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
