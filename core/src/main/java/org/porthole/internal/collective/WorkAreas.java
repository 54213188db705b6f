package org.porthole.internal.collective;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.porthole.spi.ElementView;
import org.porthole.spi.Elements;
import org.porthole.spi.LoadStore;

/// What each rank brings to one step of a collective operation, and where the others find it: in the arrival itself if it is small; else ranks that map
/// each other's memory read it in one of two work areas of who brought it, used in turn. To the others a little is put, ahead of the arrival, into one of
/// two inboxes, where it is at hand once all have arrived; much of it they get, as transports get long runs faster than they put them.
///
/// Where arrivals are relayed, what is for all is brought to the rank's own inbox, and relayed from inbox to inbox with the arrivals.
///
/// What is written to an area or an inbox in one step is read before its readers arrive for the next, and is overwritten only in the one after. In an
/// inbox, what rank `r` puts begins at `r` times the length of a step, or, relayed, of the longest piece.
///
/// **Threads.** One of the rank at a time.
final class WorkAreas {
    /// How much a rank can bring to one step, in bytes.
    static final long BYTES = 2 * TeamDescriptor.AREA;

    /// How much of it fits the arrival.
    static final int SMALL = TeamDescriptor.PAYLOAD_BYTES;

    /// The longest run that is put rather than got, in bytes.
    private static final long PUT = 16 << 10;

    private final ArrivalBoard board;
    private final int rank;
    private final int size;
    private final boolean byMessages;
    private final ElementView own;

    private long steps;
    private boolean small;
    private boolean relayed;
    private long stride;
    private int from;
    private boolean got;
    private long area;
    private long inbox;

    /// @param byMessages whether some rank of the team reaches another by messages only, on which all agree
    WorkAreas(ArrivalBoard board, int rank, int size, boolean byMessages) {
        this.board = board;
        this.rank = rank;
        this.size = size;
        this.byMessages = byMessages;
        own = new ElementView(board.own());
    }

    boolean isByMessages() {
        return byMessages;
    }

    /// Begins a step in which ranks bring something else for each: from now on the area of the step before the last may be overwritten.
    ///
    /// @param inArrival whether no rank brings more than [#SMALL] bytes, on which all ranks agree
    /// @param length    the most that any rank brings then, in bytes, on which they agree too
    void begin(boolean inArrival, long length) {
        small = inArrival;
        relayed = false;
        from = Call.ALL;
        stride = (length + Long.BYTES - 1) & -Long.BYTES;
        if (inArrival) {
            area = board.outgoingOffset(stride);
        } else {
            area = board.contribution(steps);
            inbox = board.inbox(steps);
            steps++;
        }
    }

    /// Begins a step in which what is brought is for all.
    ///
    /// @param who    who brings something, or [Call#ALL]
    /// @param length the most that any rank brings, in bytes, on which all ranks agree
    void beginForAll(int who, long length, boolean inArrival) {
        begin(inArrival, length);
        from = who;
        if (!inArrival && board.isRelaying()) {
            relayed = true;
            area = cargo(rank);
        }
    }

    /// Where in every rank's control memory the area of this step begins.
    long area() {
        return area;
    }

    /// Where in every rank's control memory the inbox of this step begins.
    long inbox() {
        return inbox;
    }

    /// Whether a run goes to, or comes from, a rank by messages, and is long enough to be got.
    boolean isGot(int peer, long length) {
        return length > PUT && !relayed && board.target(peer).segment == null;
    }

    /// Whether a run goes to, or comes from, a rank by messages, and is short enough to be put.
    boolean isPut(int peer, long length) {
        return length <= PUT && length > 0 && !relayed && board.target(peer).segment == null;
    }

    /// Brings bytes; they are at offset `at` of what this rank brings.
    void bring(long at, MemorySegment source, long offset, long length) {
        LoadStore.copy(source, offset, board.own(), area + at, length);
    }

    /// Puts what was brought to a rank that cannot read it here.
    void send(int peer, long at, long step, long length) {
        if (!small && isPut(peer, length)) {
            board.target(peer).put(inbox + rank * step, board.own(), area + at, length);
        }
    }

    /// Puts what was brought to all ranks from `first` on that cannot read it here.
    void sendFrom(int first, long step, long length) {
        for (int peer = first; byMessages && !relayed && peer < size; peer++) {
            send(peer, 0, step, length);
        }
    }

    /// How much each rank brings to a step in which many read what every rank has brought; whole elements.
    long wholeStep() {
        return byMessages ? BYTES / size / Long.BYTES * Long.BYTES : BYTES;
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
        begin(arePiecesSmall(longest), longest * size);
        return pieceStep(longest);
    }

    /// Brings the next part of every piece of the call's source.
    void bringPieces(Call call, long step) {
        for (int peer = 0; peer < size; peer++) {
            long part = call.from.part(peer, call.done, step);
            if (part > 0) {
                bring(peer * step, call.source, call.from.offset(peer) + call.done, part);
                send(peer, peer * step, step, part);
            }
        }
    }

    /// Arrives.
    ///
    /// @param brought how many bytes; at most [#SMALL] matter
    void arrive(Call call, long brought) {
        if (small) {
            board.arriveWithPayload(call.kind, call.argument, (int) brought, stride, from);
        } else if (relayed) {
            board.arriveWithCargo(call.kind, call.argument, inbox, stride, from);
        } else {
            board.arriveDirectly(call.kind, call.argument);
        }
    }

    private MemorySegment memory(int peer) {
        if (small) {
            return board.payloads(peer);
        }
        if (relayed) {
            return board.own();
        }
        MemorySegment mapped = board.target(peer).segment;
        return mapped == null ? board.own() : mapped;
    }

    private long cargo(int of) {
        return from == Call.ALL ? inbox + of * stride : inbox;
    }

    private long offset(int peer, long at, long step) {
        if (small) {
            return board.payloadOffset(peer, stride) + at;
        }
        if (relayed) {
            return cargo(peer) + at;
        }
        return board.target(peer).segment == null ? inbox + peer * step : area + at;
    }

    /// Copies what rank `peer` has brought; complete after [#complete()].
    void take(int peer, long at, long step, MemorySegment destination, long offset, long length) {
        if (isGot(peer, length)) {
            get(peer, area + at, destination, offset, length);
        } else {
            takeFetched(peer, at, step, destination, offset, length);
        }
    }

    /// Copies what rank `peer` has brought, and what was fetched of it.
    void takeFetched(int peer, long at, long step, MemorySegment destination, long offset, long length) {
        LoadStore.copy(memory(peer), offset(peer, at, step), destination, offset, length);
    }

    /// Gets bytes of the control memory of a rank; complete after [#complete()].
    void get(int peer, long at, MemorySegment destination, long offset, long length) {
        board.target(peer).get(at, destination, offset, length);
        got |= byMessages;
    }

    /// Gets what rank `peer` has brought, if it has to be got, to where [#combine(int, long, long, Call, MemorySegment, long, long)] finds it; complete after
    /// [#complete()].
    void fetch(int peer, long at, long step, long length) {
        if (isGot(peer, length)) {
            get(peer, area + at, board.own(), inbox + peer * step, length);
        }
    }

    /// Completes what was got of ranks that are reached by messages.
    void complete() {
        for (int peer = 0; got && peer < size; peer++) {
            board.target(peer).flushIfRemote();
        }
        got = false;
    }

    /// Combines elements that rank `peer` has brought, and that were fetched, into `into`, as the call says.
    void combine(int peer, long at, long step, Call call, MemorySegment into, long offset, long length) {
        Elements.combine(call.type, call.op, into, offset, memory(peer), offset(peer, at, step), length);
    }

    /// Combines elements that rank `peer` has brought, and that were fetched, into this rank's own control memory, as the call says.
    void combineHere(int peer, long at, long step, Call call, long offset, long length) {
        own.combine(call.type, call.op, offset, memory(peer), offset(peer, at, step), length);
    }

    /// Combines elements of the call's source into this rank's own control memory, as the call says.
    void combineSource(Call call, long at, long offset, long length) {
        own.combine(call.type, call.op, offset, call.source, at, length);
    }

    /// Combines what the ranks `0 <= rank < end` have brought, in ascending order, into the call's destination.
    void combineAll(int end, long at, long step, Call call, long offset, long length) {
        for (int peer = 1; byMessages && peer < end; peer++) {
            fetch(peer, at, step, length);
        }
        take(0, at, step, call.destination, offset, length);
        complete();
        for (int peer = 1; peer < end; peer++) {
            combine(peer, at, step, call, call.destination, offset, length);
        }
    }

    /// The word that rank `peer` has brought in its arrival.
    long word(int peer) {
        return board.payloads(peer).get(ValueLayout.JAVA_LONG, board.payloadOffset(peer, stride));
    }
}
