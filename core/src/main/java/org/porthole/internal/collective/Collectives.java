package org.porthole.internal.collective;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.internal.route.Target;
import org.porthole.spi.Memory;

/// The collectives of one lane of a team, made of arrivals and one-sided operations on control memory. Arguments were checked by the caller.
///
/// Up to 112 bytes travel inside the arrivals; more goes through work areas. What a method describes in a [Call] is carried out by [#run(Call)], or by a
/// [RequestLane].
///
/// **Threads.** One of the rank at a time.
public final class Collectives {
    /// Up to how many bytes of a reduction every rank reads of every other: the second meeting costs more than the more reading.
    private static final long WHOLE = 1 << 10;

    private final ArrivalBoard board;
    private final int size;
    private final WorkAreas areas;
    private final Call waiting;
    private final Moves barriers;
    private final Moves broadcasts;
    private final Moves gathers;
    private final Moves scans;
    private final Moves scatters;
    private final Moves alltoalls;
    private final Moves reduceScatters;
    private final Moves reductions;
    private final Moves agreements;

    private Collectives(TeamContext context, ArrivalBoard board, TeamShape shape) {
        this.board = board;
        int rank = context.rank();
        size = context.size();
        areas = new WorkAreas(board, rank, size, shape.byMessages());
        waiting = new Call(context.waiter(), null);
        barriers = new BarrierMoves(board);
        broadcasts = new BroadcastMoves(areas, rank);
        gathers = new GatherMoves(areas, rank, size);
        scans = new ScanMoves(areas, rank);
        scatters = new ScatterMoves(areas, rank, size);
        alltoalls = new AlltoallMoves(areas, rank, size);
        reduceScatters = new ReduceScatterMoves(areas, rank, size);
        reductions = new ReduceMoves(board, areas, rank, size, WHOLE);
        agreements = new AgreeMoves(areas, rank, size, barriers);
    }

    /// The two lanes of one member: for operations that wait, and for those that are started.
    ///
    /// @param context the member
    /// @param memory  its control memory
    /// @param targets that of all ranks
    /// @param shape   what the ranks agreed on
    /// @return two, which end together when an operation fails
    public static List<Collectives> lanes(TeamContext context, Memory memory, Target[] targets, TeamShape shape) {
        Breakage breakage = new Breakage(context.rank(), memory.segment(), targets, shape.relaying());
        return IntStream.range(0, TeamDescriptor.LANES)
                .mapToObj(lane -> new Collectives(
                        context, new ArrivalBoard(context, memory, targets, breakage, lane, shape.relaying()), shape))
                .toList();
    }

    /// The lane's synchronisation.
    ///
    /// @return the board
    public ArrivalBoard board() {
        return board;
    }

    /// The call of an operation that waits, to be filled.
    ///
    /// @return always the same
    public Call next() {
        board.requireWhole();
        return waiting;
    }

    /// Collective. Carries out what a call says.
    ///
    /// @param call what [#next()] gave, filled
    public void run(Call call) {
        try {
            call.complete(board);
        } catch (RuntimeException e) {
            board.fail(e);
            throw e;
        } finally {
            call.end(null);
        }
    }

    /// Describes [org.porthole.Team#barrier()].
    ///
    /// @param call to be filled
    /// @return the call
    public Call barrier(Call call) {
        return call.begin(CollectiveKind.BARRIER, barriers, 0);
    }

    /// Describes [org.porthole.Team#broadcast(int, MemorySegment)].
    ///
    /// @param call   to be filled
    /// @param root   the rank that has the bytes
    /// @param buffer source or destination
    /// @return the call
    public Call broadcast(Call call, int root, MemorySegment buffer) {
        long argument = CollectiveKind.argument(root, buffer.byteSize());
        return call.begin(CollectiveKind.BROADCAST, broadcasts, argument)
                .root(root)
                .move(buffer, null);
    }

    /// Describes [org.porthole.Team#gather(int, MemorySegment, MemorySegment)].
    ///
    /// @param call        to be filled
    /// @param root        the rank that takes
    /// @param source      what this rank brings
    /// @param destination where it all goes at the root
    /// @return the call
    public Call gather(Call call, int root, MemorySegment source, MemorySegment destination) {
        long argument = CollectiveKind.argument(root, source.byteSize());
        call.begin(CollectiveKind.GATHER, gathers, argument).root(root).move(source, destination);
        call.longest = source.byteSize();
        call.into.equal(call.longest);
        return call;
    }

    /// Describes [org.porthole.Team#gatherv(int, MemorySegment, MemorySegment, long\[\], long\[\])].
    ///
    /// @param call          to be filled
    /// @param root          the rank that takes
    /// @param source        what this rank brings
    /// @param destination   where it all goes at the root
    /// @param counts        how many bytes each rank brings; read at the root
    /// @param displacements where they go; read at the root
    /// @return the call
    public Call gatherv(
            Call call, int root, MemorySegment source, MemorySegment destination, long[] counts, long[] displacements) {
        call.begin(CollectiveKind.GATHERV, agreements, CollectiveKind.argument(root, 0))
                .root(root)
                .move(source, destination)
                .agreeFirst(counts, source.byteSize(), gathers);
        call.into.of(counts, displacements);
        return call;
    }

    /// Describes [org.porthole.Team#allgather(MemorySegment, MemorySegment)].
    ///
    /// @param call        to be filled
    /// @param source      what this rank brings
    /// @param destination where it all goes
    /// @return the call
    public Call allgather(Call call, MemorySegment source, MemorySegment destination) {
        long argument = CollectiveKind.argument(0, source.byteSize());
        call.begin(CollectiveKind.ALLGATHER, gathers, argument).move(source, destination);
        call.longest = source.byteSize();
        call.into.equal(call.longest);
        return call;
    }

    /// Describes [org.porthole.Team#allgatherv(MemorySegment, MemorySegment, long\[\], long\[\])].
    ///
    /// @param call          to be filled
    /// @param source        what this rank brings
    /// @param destination   where it all goes
    /// @param counts        how many bytes each rank brings
    /// @param displacements where they go
    /// @return the call
    public Call allgatherv(
            Call call, MemorySegment source, MemorySegment destination, long[] counts, long[] displacements) {
        call.begin(CollectiveKind.ALLGATHERV, gathers, CollectiveKind.hash(counts))
                .move(source, destination);
        call.longest = Layout.longest(counts);
        call.into.of(counts, displacements);
        return call;
    }

    /// Describes [org.porthole.Team#scatter(int, MemorySegment, MemorySegment)].
    ///
    /// @param call        to be filled
    /// @param root        the rank that brings
    /// @param source      what it brings
    /// @param destination where this rank's piece goes
    /// @return the call
    public Call scatter(Call call, int root, MemorySegment source, MemorySegment destination) {
        long argument = CollectiveKind.argument(root, destination.byteSize());
        call.begin(CollectiveKind.SCATTER, scatters, argument).root(root).move(source, destination);
        call.longest = destination.byteSize();
        call.from.equal(call.longest);
        return call;
    }

    /// Describes [org.porthole.Team#scatterv(int, MemorySegment, long\[\], long\[\], MemorySegment)].
    ///
    /// @param call          to be filled
    /// @param root          the rank that brings
    /// @param source        what it brings
    /// @param counts        how many bytes each rank takes; read at the root
    /// @param displacements where they are; read at the root
    /// @param destination   where this rank's piece goes
    /// @return the call
    public Call scatterv(
            Call call, int root, MemorySegment source, long[] counts, long[] displacements, MemorySegment destination) {
        call.begin(CollectiveKind.SCATTERV, agreements, CollectiveKind.argument(root, 0))
                .root(root)
                .move(source, destination)
                .agreeFirst(counts, destination.byteSize(), scatters);
        call.from.of(counts, displacements);
        return call;
    }

    /// Describes [org.porthole.Team#alltoall(MemorySegment, MemorySegment)].
    ///
    /// @param call        to be filled
    /// @param source      what this rank brings
    /// @param destination where the others' pieces go
    /// @return the call
    public Call alltoall(Call call, MemorySegment source, MemorySegment destination) {
        long piece = source.byteSize() / size;
        call.begin(CollectiveKind.ALLTOALL, alltoalls, CollectiveKind.argument(0, piece))
                .move(source, destination);
        call.longest = piece;
        call.from.equal(piece);
        call.into.equal(piece);
        return call;
    }

    /// Describes [org.porthole.Team#alltoallv(MemorySegment, long\[\], long\[\], MemorySegment, long\[\], long\[\])].
    ///
    /// @param call               to be filled
    /// @param source             what this rank brings
    /// @param sourceCounts       how many bytes for each rank
    /// @param sourceOffsets      where they are
    /// @param destination        where the others' pieces go
    /// @param destinationCounts  how many bytes from each rank
    /// @param destinationOffsets where they go
    /// @return the call
    public Call alltoallv(
            Call call,
            MemorySegment source,
            long[] sourceCounts,
            long[] sourceOffsets,
            MemorySegment destination,
            long[] destinationCounts,
            long[] destinationOffsets) {
        call.begin(CollectiveKind.ALLTOALLV, agreements, 0)
                .move(source, destination)
                .agreeFirst(sourceCounts, 0, alltoalls);
        call.from.of(sourceCounts, sourceOffsets);
        call.into.of(destinationCounts, destinationOffsets);
        return call;
    }

    /// Describes [org.porthole.Team#reduceScatter(MemorySegment, MemorySegment, DataType, Operator)].
    ///
    /// @param call        to be filled
    /// @param source      this rank's elements
    /// @param destination receives the result
    /// @param type        the elements' type
    /// @param op          the reduction
    /// @return the call
    public Call reduceScatter(Call call, MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        long block = destination.byteSize();
        call.begin(CollectiveKind.REDUCE_SCATTER, reduceScatters, CollectiveKind.argument(0, type, op, block))
                .move(source, destination)
                .reduce(type, op);
        call.longest = block;
        call.from.equal(block);
        return call;
    }

    /// Describes [org.porthole.Team#reduceScatterv(MemorySegment, MemorySegment, long\[\], DataType, Operator)].
    ///
    /// @param call        to be filled
    /// @param source      this rank's elements
    /// @param destination receives the result
    /// @param counts      how many bytes of it each rank takes
    /// @param type        the elements' type
    /// @param op          the reduction
    /// @return the call
    public Call reduceScatterv(
            Call call, MemorySegment source, MemorySegment destination, long[] counts, DataType type, Operator op) {
        long argument = CollectiveKind.argument(0, type, op, CollectiveKind.hash(counts));
        call.begin(CollectiveKind.REDUCE_SCATTER, reduceScatters, argument)
                .move(source, destination)
                .reduce(type, op);
        call.longest = Layout.longest(counts);
        call.from.of(counts, null);
        return call;
    }

    /// Describes [org.porthole.Team#scan(MemorySegment, MemorySegment, DataType, Operator)], or with `EXSCAN` the exclusive one.
    ///
    /// @param call        to be filled
    /// @param kind        which
    /// @param source      this rank's elements
    /// @param destination receives the result
    /// @param type        the elements' type
    /// @param op          the reduction
    /// @return the call
    public Call scan(
            Call call,
            CollectiveKind kind,
            MemorySegment source,
            MemorySegment destination,
            DataType type,
            Operator op) {
        return call.begin(kind, scans, CollectiveKind.argument(0, type, op, source.byteSize()))
                .move(source, destination)
                .reduce(type, op);
    }

    /// Describes [org.porthole.Team#reduce(int, MemorySegment, MemorySegment, DataType, Operator)].
    ///
    /// @param call        to be filled
    /// @param root        who receives the result
    /// @param source      this rank's elements
    /// @param destination receives the result
    /// @param type        the elements' type
    /// @param op          the reduction
    /// @return the call
    public Call reduce(
            Call call, int root, MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        long argument = CollectiveKind.argument(root, type, op, source.byteSize());
        return call.begin(CollectiveKind.REDUCE, reductions, argument)
                .root(root)
                .move(source, destination)
                .reduce(type, op);
    }

    /// Describes [org.porthole.Team#allreduce(MemorySegment, MemorySegment, DataType, Operator)].
    ///
    /// @param call        to be filled
    /// @param source      this rank's elements
    /// @param destination receives the result
    /// @param type        the elements' type
    /// @param op          the reduction
    /// @return the call
    public Call allreduce(Call call, MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        long argument = CollectiveKind.argument(0, type, op, source.byteSize());
        return call.begin(CollectiveKind.ALLREDUCE, reductions, argument)
                .move(source, destination)
                .reduce(type, op);
    }

    /// Collective. Combines one integer of each rank.
    ///
    /// @param value this rank's
    /// @param op    the reduction
    /// @return the result
    public long allreduce(long value, Operator op) {
        bringWord(DataType.LONG, op, value);
        long result = areas.word(0);
        for (int peer = 1; peer < size; peer++) {
            result = op.apply(result, areas.word(peer));
        }
        return result;
    }

    /// Collective. Combines one double of each rank.
    ///
    /// @param value this rank's
    /// @param op    the reduction
    /// @return the result
    public double allreduce(double value, Operator op) {
        bringWord(DataType.DOUBLE, op, Double.doubleToRawLongBits(value));
        double result = Double.longBitsToDouble(areas.word(0));
        for (int peer = 1; peer < size; peer++) {
            result = op.apply(result, Double.longBitsToDouble(areas.word(peer)));
        }
        return result;
    }

    private void bringWord(DataType type, Operator op, long bits) {
        board.requireWhole();
        long argument = CollectiveKind.argument(0, type, op, Long.BYTES);
        areas.beginForAll(Call.ALL, Long.BYTES, true);
        board.own().set(ValueLayout.JAVA_LONG, areas.area(), bits);
        board.arriveWithPayload(CollectiveKind.ALLREDUCE, argument, Long.BYTES, Long.BYTES, Call.ALL);
        board.await();
    }

    /// Collective. Gives every rank the bytes of each.
    ///
    /// @param kind     what for
    /// @param argument what the ranks must agree on
    /// @param mine     what this rank brings
    /// @return one element per rank
    public byte[][] exchange(CollectiveKind kind, long argument, byte[] mine) {
        long[] lengths = new long[size];
        Call call = next().begin(kind, gathers, argument)
                .move(MemorySegment.ofArray(new long[] {mine.length}), MemorySegment.ofArray(lengths));
        call.longest = Long.BYTES;
        call.into.equal(Long.BYTES);
        run(call);
        byte[] joined = new byte[Math.toIntExact(Arrays.stream(lengths).sum())];
        call = next().begin(kind, gathers, argument).move(MemorySegment.ofArray(mine), MemorySegment.ofArray(joined));
        call.longest = Layout.longest(lengths);
        call.into.of(lengths, null);
        run(call);
        byte[][] all = new byte[size][];
        int begin = 0;
        for (int peer = 0; peer < size; peer++) {
            int end = begin + (int) lengths[peer];
            all[peer] = Arrays.copyOfRange(joined, begin, end);
            begin = end;
        }
        return all;
    }
}
