package org.porthole.internal.collective;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.porthole.DataType;
import org.porthole.Operator;

/// The data-moving collectives of a team, made of arrivals and one-sided operations on control memory. Arguments were checked by the caller.
///
/// Up to 112 bytes travel inside the arrivals; more goes through work areas.
///
/// **Threads.** One of the rank at a time.
public final class Collectives {
    /// Most that one rank can bring to [#exchange(CollectiveKind, long, byte\[\])], in bytes.
    public static final int MAX_EXCHANGE = (int) WorkAreas.BYTES - Long.BYTES;

    private final ArrivalBoard board;
    private final int rank;
    private final int size;
    private final WorkAreas areas;
    private final WholeMoves whole;
    private final PieceMoves pieces;
    private final ReduceMoves reductions;
    private final Layout from = new Layout();
    private final Layout into = new Layout();
    private final long[] announced;
    private final MemorySegment announcedSegment;

    /// The collectives of one member.
    ///
    /// @param board the team's synchronisation
    /// @param rank  this rank
    /// @param size  how many ranks there are
    public Collectives(ArrivalBoard board, int rank, int size) {
        this.board = board;
        this.rank = rank;
        this.size = size;
        areas = new WorkAreas(board, size);
        whole = new WholeMoves(areas, rank, size);
        pieces = new PieceMoves(areas, rank, size);
        reductions = new ReduceMoves(board, areas, rank, size);
        announced = new long[2 * size]; // of alltoallv two each: what is for this rank, and the longest of all
        announcedSegment = MemorySegment.ofArray(announced);
    }

    /// How much control memory a rank of a team needs.
    ///
    /// @param size how many ranks the team has
    /// @return bytes
    public static long controlBytes(int size) {
        return TeamDescriptor.byteSize(size);
    }

    /// The team's synchronisation.
    ///
    /// @return the board
    public ArrivalBoard board() {
        return board;
    }

    /// Collective. See [org.porthole.Team#broadcast(int, MemorySegment)].
    ///
    /// @param root   the rank that has the bytes
    /// @param buffer source or destination
    public void broadcast(int root, MemorySegment buffer) {
        board.requireWhole();
        whole.broadcast(CollectiveKind.argument(root, buffer.byteSize()), root, buffer);
    }

    /// Collective. See [org.porthole.Team#gather(int, MemorySegment, MemorySegment)].
    ///
    /// @param root        the rank that takes
    /// @param source      what this rank brings
    /// @param destination where it all goes at the root
    public void gather(int root, MemorySegment source, MemorySegment destination) {
        board.requireWhole();
        long length = source.byteSize();
        long argument = CollectiveKind.argument(root, length);
        whole.gather(CollectiveKind.GATHER, argument, root, source, destination, into.equal(length), length);
    }

    /// Collective. See [org.porthole.Team#gatherv(int, MemorySegment, MemorySegment, long\[\], long\[\])].
    ///
    /// @param root          the rank that takes
    /// @param source        what this rank brings
    /// @param destination   where it all goes at the root
    /// @param counts        how many bytes each rank brings; read at the root
    /// @param displacements where they go; read at the root
    public void gatherv(
            int root, MemorySegment source, MemorySegment destination, long[] counts, long[] displacements) {
        board.requireWhole();
        long argument = CollectiveKind.argument(root, 0);
        long longest = agreeWithRoot(CollectiveKind.GATHERV, argument, root, counts, source.byteSize());
        into.of(counts, displacements);
        whole.gather(CollectiveKind.GATHERV, argument, root, source, destination, into, longest);
    }

    /// Collective. See [org.porthole.Team#allgather(MemorySegment, MemorySegment)].
    ///
    /// @param source      what this rank brings
    /// @param destination where it all goes
    public void allgather(MemorySegment source, MemorySegment destination) {
        board.requireWhole();
        long length = source.byteSize();
        long argument = CollectiveKind.argument(0, length);
        into.equal(length);
        whole.gather(CollectiveKind.ALLGATHER, argument, WholeMoves.ALL, source, destination, into, length);
    }

    /// Collective. See [org.porthole.Team#allgatherv(MemorySegment, MemorySegment, long\[\], long\[\])].
    ///
    /// @param source        what this rank brings
    /// @param destination   where it all goes
    /// @param counts        how many bytes each rank brings
    /// @param displacements where they go
    public void allgatherv(MemorySegment source, MemorySegment destination, long[] counts, long[] displacements) {
        board.requireWhole();
        long argument = CollectiveKind.hash(counts);
        into.of(counts, displacements);
        long longest = Layout.longest(counts);
        whole.gather(CollectiveKind.ALLGATHERV, argument, WholeMoves.ALL, source, destination, into, longest);
    }

    /// Collective. See [org.porthole.Team#scatter(int, MemorySegment, MemorySegment)].
    ///
    /// @param root        the rank that brings
    /// @param source      what it brings
    /// @param destination where this rank's piece goes
    public void scatter(int root, MemorySegment source, MemorySegment destination) {
        board.requireWhole();
        long length = destination.byteSize();
        long argument = CollectiveKind.argument(root, length);
        pieces.scatter(CollectiveKind.SCATTER, argument, root, source, from.equal(length), destination, length);
    }

    /// Collective. See [org.porthole.Team#scatterv(int, MemorySegment, long\[\], long\[\], MemorySegment)].
    ///
    /// @param root          the rank that brings
    /// @param source        what it brings
    /// @param counts        how many bytes each rank takes; read at the root
    /// @param displacements where they are; read at the root
    /// @param destination   where this rank's piece goes
    public void scatterv(
            int root, MemorySegment source, long[] counts, long[] displacements, MemorySegment destination) {
        board.requireWhole();
        long argument = CollectiveKind.argument(root, 0);
        long longest = agreeWithRoot(CollectiveKind.SCATTERV, argument, root, counts, destination.byteSize());
        from.of(counts, displacements);
        pieces.scatter(CollectiveKind.SCATTERV, argument, root, source, from, destination, longest);
    }

    /// Collective. See [org.porthole.Team#alltoall(MemorySegment, MemorySegment)].
    ///
    /// @param source      what this rank brings
    /// @param destination where the others' pieces go
    public void alltoall(MemorySegment source, MemorySegment destination) {
        board.requireWhole();
        long length = source.byteSize() / size;
        long argument = CollectiveKind.argument(0, length);
        from.equal(length);
        pieces.alltoall(CollectiveKind.ALLTOALL, argument, source, from, destination, from, length);
    }

    /// Collective. See [org.porthole.Team#alltoallv(MemorySegment, long\[\], long\[\], MemorySegment, long\[\], long\[\])].
    ///
    /// @param source             what this rank brings
    /// @param sourceCounts       how many bytes for each rank
    /// @param sourceOffsets      where they are
    /// @param destination        where the others' pieces go
    /// @param destinationCounts  how many bytes from each rank
    /// @param destinationOffsets where they go
    public void alltoallv(
            MemorySegment source,
            long[] sourceCounts,
            long[] sourceOffsets,
            MemorySegment destination,
            long[] destinationCounts,
            long[] destinationOffsets) {
        board.requireWhole();
        long longest = agreePairwise(sourceCounts, destinationCounts);
        from.of(sourceCounts, sourceOffsets);
        into.of(destinationCounts, destinationOffsets);
        pieces.alltoall(CollectiveKind.ALLTOALLV, 0, source, from, destination, into, longest);
    }

    /// Collective. See [org.porthole.Team#reduceScatter(MemorySegment, MemorySegment, DataType, Operator)].
    ///
    /// @param source      this rank's elements
    /// @param destination receives the result
    /// @param type        the elements' type
    /// @param op          the reduction
    public void reduceScatter(MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        board.requireWhole();
        long length = destination.byteSize();
        long argument = CollectiveKind.argument(0, type, op, length);
        pieces.reduceScatter(argument, source, from.equal(length), destination, type, op, length);
    }

    /// Collective. See [org.porthole.Team#reduceScatterv(MemorySegment, MemorySegment, long\[\], DataType, Operator)].
    ///
    /// @param source      this rank's elements
    /// @param destination receives the result
    /// @param counts      how many bytes of it each rank takes
    /// @param type        the elements' type
    /// @param op          the reduction
    public void reduceScatterv(
            MemorySegment source, MemorySegment destination, long[] counts, DataType type, Operator op) {
        board.requireWhole();
        long argument = CollectiveKind.argument(0, type, op, CollectiveKind.hash(counts));
        from.of(counts, null);
        pieces.reduceScatter(argument, source, from, destination, type, op, Layout.longest(counts));
    }

    /// Collective. See [org.porthole.Team#scan(MemorySegment, MemorySegment, DataType, Operator)].
    ///
    /// @param source      this rank's elements
    /// @param destination receives the result
    /// @param type        the elements' type
    /// @param op          the reduction
    public void scan(MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        board.requireWhole();
        long argument = CollectiveKind.argument(0, type, op, source.byteSize());
        whole.scan(CollectiveKind.SCAN, argument, rank + 1, source, destination, type, op);
    }

    /// Collective. See [org.porthole.Team#exscan(MemorySegment, MemorySegment, DataType, Operator)].
    ///
    /// @param source      this rank's elements
    /// @param destination receives the result
    /// @param type        the elements' type
    /// @param op          the reduction
    public void exscan(MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        board.requireWhole();
        long argument = CollectiveKind.argument(0, type, op, source.byteSize());
        whole.scan(CollectiveKind.EXSCAN, argument, rank, source, destination, type, op);
    }

    /// Collective. See [org.porthole.Team#reduce(int, MemorySegment, MemorySegment, DataType, Operator)].
    ///
    /// @param root        who receives the result
    /// @param source      this rank's elements
    /// @param destination receives the result
    /// @param type        the elements' type
    /// @param op          the reduction
    public void reduce(int root, MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        board.requireWhole();
        long argument = CollectiveKind.argument(root, type, op, source.byteSize());
        reductions.reduce(CollectiveKind.REDUCE, argument, root, source, destination, type, op);
    }

    /// Collective. See [org.porthole.Team#allreduce(MemorySegment, MemorySegment, DataType, Operator)].
    ///
    /// @param source      this rank's elements
    /// @param destination receives the result
    /// @param type        the elements' type
    /// @param op          the reduction
    public void allreduce(MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        board.requireWhole();
        long argument = CollectiveKind.argument(0, type, op, source.byteSize());
        reductions.reduce(CollectiveKind.ALLREDUCE, argument, WholeMoves.ALL, source, destination, type, op);
    }

    /// Collective. Combines one integer of each rank.
    ///
    /// @param value this rank's
    /// @param op    the reduction
    /// @return the result
    public long allreduce(long value, Operator op) {
        board.requireWhole();
        board.own().set(ValueLayout.JAVA_LONG, board.outgoingOffset(), value);
        board.sync(CollectiveKind.ALLREDUCE, CollectiveKind.argument(0, DataType.LONG, op, Long.BYTES), Long.BYTES);
        long result = board.slots(0).get(ValueLayout.JAVA_LONG, board.payloadOffset(0));
        for (int peer = 1; peer < size; peer++) {
            result = op.apply(result, board.slots(peer).get(ValueLayout.JAVA_LONG, board.payloadOffset(peer)));
        }
        return result;
    }

    /// Collective. Combines one double of each rank.
    ///
    /// @param value this rank's
    /// @param op    the reduction
    /// @return the result
    public double allreduce(double value, Operator op) {
        board.requireWhole();
        board.own().set(ValueLayout.JAVA_DOUBLE, board.outgoingOffset(), value);
        board.sync(
                CollectiveKind.ALLREDUCE, CollectiveKind.argument(0, DataType.DOUBLE, op, Double.BYTES), Double.BYTES);
        double result = board.slots(0).get(ValueLayout.JAVA_DOUBLE, board.payloadOffset(0));
        for (int peer = 1; peer < size; peer++) {
            result = op.apply(result, board.slots(peer).get(ValueLayout.JAVA_DOUBLE, board.payloadOffset(peer)));
        }
        return result;
    }

    /// Lets the root tell the counts; a rank that has another size makes the operation fail on all.
    ///
    /// @return the largest count
    private long agreeWithRoot(CollectiveKind kind, long argument, int root, long[] counts, long mine) {
        long bytes = (long) Long.BYTES * size;
        areas.begin(false);
        if (rank == root) {
            System.arraycopy(counts, 0, announced, 0, size);
            areas.bring(0, announcedSegment, 0, bytes);
        }
        areas.meet(kind, argument, 0);
        areas.take(root, 0, announcedSegment, 0, bytes);
        areas.complete(root);
        if (announced[rank] != mine) {
            disagree(mine);
        }
        long longest = 0;
        for (int peer = 0; peer < size; peer++) {
            longest = Math.max(longest, announced[peer]);
        }
        return longest;
    }

    /// Compares what every rank has for this one with what this one expects; a difference makes the operation fail on all.
    ///
    /// @return the largest count of all ranks
    private long agreePairwise(long[] sourceCounts, long[] destinationCounts) {
        long bytes = (long) Long.BYTES * size;
        System.arraycopy(sourceCounts, 0, announced, 0, size);
        announced[size] = Layout.longest(sourceCounts);
        areas.begin(false);
        areas.bring(0, announcedSegment, 0, bytes + Long.BYTES);
        areas.meet(CollectiveKind.ALLTOALLV, 0, 0);
        for (int peer = 0; peer < size; peer++) {
            areas.take(peer, (long) Long.BYTES * rank, announcedSegment, 2L * peer * Long.BYTES, Long.BYTES);
            areas.take(peer, bytes, announcedSegment, (2L * peer + 1) * Long.BYTES, Long.BYTES);
        }
        areas.complete();
        long longest = 0;
        for (int peer = 0; peer < size; peer++) {
            if (announced[2 * peer] != destinationCounts[peer]) {
                disagree(destinationCounts[peer]);
            }
            longest = Math.max(longest, announced[2 * peer + 1]);
        }
        return longest;
    }

    /// Fails on every rank: no other arrives with the same.
    private void disagree(long expected) {
        board.sync(CollectiveKind.SIZES_DIFFER, CollectiveKind.argument(rank, expected));
    }

    /// Collective. Gives every rank the bytes of each.
    ///
    /// @param kind     what for
    /// @param argument what the ranks must agree on
    /// @param mine     at most [#MAX_EXCHANGE] bytes
    /// @return one element per rank
    public byte[][] exchange(CollectiveKind kind, long argument, byte[] mine) {
        board.requireWhole();
        areas.begin(false);
        announced[0] = mine.length;
        areas.bring(0, announcedSegment, 0, Long.BYTES);
        areas.bring(Long.BYTES, MemorySegment.ofArray(mine), 0, mine.length);
        areas.meet(kind, argument, 0);
        byte[][] all = new byte[size][];
        for (int peer = 0; peer < size; peer++) {
            areas.take(peer, 0, announcedSegment, 0, Long.BYTES);
            areas.complete(peer);
            all[peer] = new byte[(int) announced[0]];
            areas.take(peer, Long.BYTES, MemorySegment.ofArray(all[peer]), 0, all[peer].length);
            areas.complete(peer);
        }
        return all;
    }
}
