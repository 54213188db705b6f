package org.porthole.internal.collective;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.porthole.internal.route.Target;
import org.porthole.spi.Elements;
import org.porthole.spi.LoadStore;

/// What each rank brings to one step of a collective operation, and where the others find it: in the arrival itself if it is small, else in one
/// of two work areas, used in turn. What is written to an area in one step is read before its readers arrive for the next, and is overwritten
/// only in the one after.
///
/// **Threads.** One of the rank at a time.
final class WorkAreas {
    /// How much a rank can bring to one step, in bytes.
    static final long BYTES = 2 * TeamDescriptor.AREA;

    /// How much of it fits the arrival.
    static final int SMALL = TeamDescriptor.PAYLOAD_BYTES;

    private final ArrivalBoard board;
    private final int size;
    /// For the parts that only an endpoint reaches; reduced from here.
    private final MemorySegment scratch = Arena.ofAuto().allocate(BYTES, Long.BYTES);

    private long steps;
    private boolean small;
    private long area;

    WorkAreas(ArrivalBoard board, int size) {
        this.board = board;
        this.size = size;
    }

    /// Begins a step: from now on the area of the step before the last may be overwritten.
    ///
    /// @param inArrival whether no rank brings more than [#SMALL] bytes, on which all ranks agree
    void begin(boolean inArrival) {
        small = inArrival;
        area = inArrival ? board.outgoingOffset() : board.contribution(steps++);
    }

    /// Where in every rank's control memory the area of this step begins.
    long offset() {
        return area;
    }

    /// Brings bytes; they are at offset `at` of what this rank brings.
    void bring(long at, MemorySegment source, long offset, long length) {
        LoadStore.copy(source, offset, board.own(), area + at, length);
    }

    /// How much of each piece a step moves that has one for every rank, in bytes; whole elements.
    long pieceStep(long longest) {
        return arePiecesSmall(longest) ? longest : BYTES / size / Long.BYTES * Long.BYTES;
    }

    private boolean arePiecesSmall(long longest) {
        return longest <= SMALL && longest * size <= SMALL;
    }

    /// Begins a step in which a rank brings a piece for each.
    ///
    /// @return [#pieceStep(long)]
    long beginPieces(long longest) {
        begin(arePiecesSmall(longest));
        return pieceStep(longest);
    }

    /// Brings the next part of every piece of the call's source.
    void bringPieces(Call call, long step) {
        for (int peer = 0; peer < size; peer++) {
            long part = call.from.part(peer, call.done, step);
            if (part > 0) {
                bring(peer * step, call.source, call.from.offset(peer) + call.done, part);
            }
        }
    }

    /// Arrives.
    ///
    /// @param brought how many bytes; at most [#SMALL] matter
    void arrive(Call call, long brought) {
        board.arrive(call.kind, call.argument, small ? (int) brought : 0);
    }

    /// Copies what rank `peer` has brought; complete after [#complete()].
    void take(int peer, long at, MemorySegment destination, long offset, long length) {
        if (small) {
            LoadStore.copy(board.slots(peer), board.payloadOffset(peer) + at, destination, offset, length);
        } else {
            board.target(peer).get(area + at, destination, offset, length);
        }
    }

    /// Combines elements that rank `peer` has brought into `into`, as the call says.
    void combine(int peer, long at, Call call, MemorySegment into, long offset, long length) {
        if (small) {
            Elements.combine(
                    call.type, call.op, into, offset, board.slots(peer), board.payloadOffset(peer) + at, length);
            return;
        }
        Target target = board.target(peer);
        if (target.segment != null) {
            Elements.combine(call.type, call.op, into, offset, target.segment, area + at, length);
        } else {
            target.get(area + at, scratch, 0, length);
            target.flush();
            Elements.combine(call.type, call.op, into, offset, scratch, 0, length);
        }
    }

    /// Combines what the ranks `0 <= rank < end` have brought, in ascending order, into the call's destination.
    void combineAll(int end, long at, Call call, long offset, long length) {
        take(0, at, call.destination, offset, length);
        complete(0);
        for (int peer = 1; peer < end; peer++) {
            combine(peer, at, call, call.destination, offset, length);
        }
    }

    /// Completes what was taken of one rank.
    void complete(int peer) {
        if (!small) {
            board.target(peer).flush();
        }
    }

    /// Completes everything that was taken.
    void complete() {
        for (int peer = 0; peer < size; peer++) {
            complete(peer);
        }
    }
}
