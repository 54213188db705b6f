package org.porthole.internal.collective;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.internal.route.Target;
import org.porthole.spi.LoadStore;

/// The data-moving collectives of a team, made of arrivals and one-sided operations on control memory.
///
/// Up to 112 bytes travel inside the arrivals. More goes in chunks through two work areas in turn: what is written to an area in one chunk is
/// read before its readers arrive for the next, and is overwritten only in the one after.
///
/// **Threads.** One of the rank at a time.
public final class Collectives {
    /// Most that one rank can bring to [#exchange(CollectiveKind, long, byte\[\])], in bytes.
    public static final int MAX_EXCHANGE = (int) TeamDescriptor.AREA - Long.BYTES;

    private static final long AREA = TeamDescriptor.AREA;

    private final ArrivalBoard board;
    private final int rank;
    private final int size;
    private final MemorySegment scratch;
    private long chunks;

    /// The collectives of one member.
    ///
    /// @param board the team's synchronisation
    /// @param rank  this rank
    /// @param size  how many ranks there are
    public Collectives(ArrivalBoard board, int rank, int size) {
        this.board = board;
        this.rank = rank;
        this.size = size;
        // For the parts that only an endpoint reaches; reduced from here.
        scratch = Arena.ofAuto().allocate(AREA, Long.BYTES);
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
        long byteSize = buffer.byteSize();
        long argument = CollectiveKind.broadcast(root, byteSize);
        if (byteSize <= TeamDescriptor.PAYLOAD_BYTES) {
            int payload = rank == root ? (int) byteSize : 0;
            LoadStore.copy(buffer, 0, board.own(), board.outgoingOffset(), payload);
            board.sync(CollectiveKind.BROADCAST, argument, payload);
            if (rank != root) {
                LoadStore.copy(board.slots(root), board.payloadOffset(root), buffer, 0, byteSize);
            }
            return;
        }
        for (long done = 0; done < byteSize; done += AREA, chunks++) {
            long length = Math.min(AREA, byteSize - done);
            long area = TeamDescriptor.contribution(size, chunks);
            if (rank == root) {
                LoadStore.copy(buffer, done, board.own(), area, length);
            }
            board.sync(CollectiveKind.BROADCAST, argument);
            if (rank != root) {
                board.target(root).get(area, buffer, done, length);
                board.target(root).flush();
            }
        }
    }

    /// Collective. See [org.porthole.Team#allreduce(MemorySegment, MemorySegment, DataType, Operator)].
    ///
    /// @param source      this rank's elements
    /// @param destination receives the result
    /// @param type        the elements' type
    /// @param op          the reduction
    public void allreduce(MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        board.requireWhole();
        long byteSize = source.byteSize();
        long argument = CollectiveKind.allreduce(type, op, byteSize);
        if (byteSize <= TeamDescriptor.PAYLOAD_BYTES) {
            LoadStore.copy(source, 0, board.own(), board.outgoingOffset(), byteSize);
            board.sync(CollectiveKind.ALLREDUCE, argument, (int) byteSize);
            LoadStore.copy(board.slots(0), board.payloadOffset(0), destination, 0, byteSize);
            for (int peer = 1; peer < size; peer++) {
                Reduction.apply(type, op, destination, 0, board.slots(peer), board.payloadOffset(peer), byteSize);
            }
            return;
        }
        for (long done = 0; done < byteSize; done += AREA, chunks++) {
            reduceChunk(source, destination, done, Math.min(AREA, byteSize - done), type, op, argument);
        }
    }

    /// Each rank reduces its share of the chunk over all ranks, then all collect all shares.
    private void reduceChunk(
            MemorySegment source,
            MemorySegment destination,
            long done,
            long length,
            DataType type,
            Operator op,
            long argument) {
        long contribution = TeamDescriptor.contribution(size, chunks);
        long result = TeamDescriptor.result(size, chunks);
        LoadStore.copy(source, done, board.own(), contribution, length);
        board.sync(CollectiveKind.ALLREDUCE, argument);
        long begin = shareBegin(rank, length);
        long share = shareBegin(rank + 1, length) - begin;
        if (share > 0) {
            reduceShare(contribution + begin, result + begin, share, type, op);
        }
        board.sync(CollectiveKind.ALLREDUCE, argument);
        for (int peer = 0; peer < size; peer++) {
            long from = shareBegin(peer, length);
            board.target(peer).get(result + from, destination, done + from, shareBegin(peer + 1, length) - from);
        }
        for (int peer = 0; peer < size; peer++) {
            board.target(peer).flush();
        }
    }

    private void reduceShare(long from, long into, long share, DataType type, Operator op) {
        board.target(0).get(from, board.own(), into, share);
        board.target(0).flush();
        for (int peer = 1; peer < size; peer++) {
            Target target = board.target(peer);
            if (target.segment != null) {
                Reduction.apply(type, op, board.own(), into, target.segment, from, share);
            } else {
                target.get(from, scratch, 0, share);
                target.flush();
                Reduction.apply(type, op, board.own(), into, scratch, 0, share);
            }
        }
    }

    /// Shares are whole elements: a multiple of 8 bytes, but for the last.
    private long shareBegin(int peer, long length) {
        return peer == size ? length : length / Long.BYTES * peer / size * Long.BYTES;
    }

    /// Collective. Combines one integer of each rank.
    ///
    /// @param value this rank's
    /// @param op    the reduction
    /// @return the result
    public long allreduce(long value, Operator op) {
        board.requireWhole();
        board.own().set(ValueLayout.JAVA_LONG, board.outgoingOffset(), value);
        board.sync(CollectiveKind.ALLREDUCE, CollectiveKind.allreduce(DataType.LONG, op, Long.BYTES), Long.BYTES);
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
        board.sync(CollectiveKind.ALLREDUCE, CollectiveKind.allreduce(DataType.DOUBLE, op, Double.BYTES), Double.BYTES);
        double result = board.slots(0).get(ValueLayout.JAVA_DOUBLE, board.payloadOffset(0));
        for (int peer = 1; peer < size; peer++) {
            result = op.apply(result, board.slots(peer).get(ValueLayout.JAVA_DOUBLE, board.payloadOffset(peer)));
        }
        return result;
    }

    /// Collective. Gives every rank the bytes of each.
    ///
    /// @param kind     what for
    /// @param argument what the ranks must agree on
    /// @param mine     at most [#MAX_EXCHANGE] bytes
    /// @return one element per rank
    public byte[][] exchange(CollectiveKind kind, long argument, byte[] mine) {
        board.requireWhole();
        long area = TeamDescriptor.contribution(size, chunks++);
        board.own().set(ValueLayout.JAVA_LONG, area, mine.length);
        MemorySegment.copy(mine, 0, board.own(), ValueLayout.JAVA_BYTE, area + Long.BYTES, mine.length);
        board.sync(kind, argument);
        byte[][] all = new byte[size][];
        for (int peer = 0; peer < size; peer++) {
            Target target = board.target(peer);
            target.get(area, scratch, 0, Long.BYTES);
            target.flush();
            all[peer] = new byte[(int) scratch.get(ValueLayout.JAVA_LONG, 0)];
            target.get(area + Long.BYTES, MemorySegment.ofArray(all[peer]), 0, all[peer].length);
            target.flush();
        }
        return all;
    }
}
