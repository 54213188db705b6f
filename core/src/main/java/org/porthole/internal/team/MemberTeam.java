package org.porthole.internal.team;

import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.PeerFailedException;
import org.porthole.Team;
import org.porthole.Window;
import org.porthole.WindowSpec;
import org.porthole.internal.collective.ArrivalBoard;
import org.porthole.internal.collective.CollectiveKind;
import org.porthole.internal.collective.Collectives;
import org.porthole.internal.collective.TeamContext;
import org.porthole.internal.route.Target;
import org.porthole.internal.window.OpenWindow;
import org.porthole.internal.window.SharedPart;
import org.porthole.internal.window.WindowOpening;
import org.porthole.spi.Memory;

/// A team as one of its members holds it.
public final class MemberTeam implements Team {
    private static final System.Logger LOG = System.getLogger(MemberTeam.class.getName());

    private final TeamContext context;
    private final ArrivalBoard board;
    private final Collectives collectives;
    private final TeamChecks checks;
    private final List<OpenWindow> windows = new CopyOnWriteArrayList<>();
    private final MemberTeam world;
    /// Of a part of the world: its control memory; null of the world, whose memory is the job's.
    private final SharedPart control;
    /// Of the world: the parts that are open, and those that closed without agreement.
    private final List<MemberTeam> parts = new CopyOnWriteArrayList<>();

    private long windowCount;
    private long partCount;
    private boolean closed;

    /// The team of all ranks over control memory that all have attached.
    ///
    /// @param context the job
    /// @param memory  this rank's control memory, of [#controlBytes(int)]
    /// @param targets that of all ranks
    /// @return the team
    public static MemberTeam ofWorld(TeamContext context, Memory memory, Target[] targets) {
        return new MemberTeam(context, memory, targets, null, null);
    }

    /// A team of some of the ranks; open from now on.
    static MemberTeam part(TeamContext context, SharedPart control, Target[] targets, MemberTeam world) {
        MemberTeam part = new MemberTeam(context, control.memory(), targets, control, world);
        world.parts.add(part);
        return part;
    }

    private MemberTeam(TeamContext context, Memory memory, Target[] targets, SharedPart control, MemberTeam world) {
        this.context = context;
        this.control = control;
        this.world = world == null ? this : world;
        board = new ArrivalBoard(context, memory, targets);
        collectives = new Collectives(board, context.rank(), context.size());
        checks = new TeamChecks(context.rank(), context.size());
    }

    /// How much control memory a rank of a team needs.
    ///
    /// @param size how many ranks the team has
    /// @return bytes
    public static long controlBytes(int size) {
        return Collectives.controlBytes(size);
    }

    @Override
    public int rank() {
        return context.rank();
    }

    @Override
    public int size() {
        return context.size();
    }

    @Override
    public int translate(Team other, int rank) {
        MemberTeam from = (MemberTeam) other;
        return context.rankOf(from.context.worldRank(Objects.checkIndex(rank, other.size())));
    }

    @Override
    public Optional<Team> split(int colour, int key) {
        return Optional.ofNullable(opening().split(colour, key));
    }

    @Override
    public Team splitByHost() {
        int host = context.hosts().indexOf(context.hosts().get(rank()));
        return opening().split(host, rank());
    }

    @Override
    public Optional<Team> of(int... ranks) {
        boolean[] seen = new boolean[size()];
        for (int rank : ranks) {
            Objects.checkIndex(rank, size());
            if (seen[rank]) {
                throw new IllegalArgumentException("rank " + rank + " is twice in " + Arrays.toString(ranks));
            }
            seen[rank] = true;
        }
        return Optional.ofNullable(opening().of(ranks.clone()));
    }

    private TeamOpening opening() {
        return new TeamOpening(context, collectives, ++partCount, world);
    }

    @Override
    public Window openWindow(WindowSpec spec) {
        Objects.requireNonNull(spec, "spec");
        OpenWindow window = new WindowOpening(this, context, collectives, ++windowCount, spec).open(windows::remove);
        windows.add(window);
        return window;
    }

    @Override
    public void barrier() {
        board.sync(CollectiveKind.BARRIER, 0);
    }

    @Override
    public void broadcast(int root, MemorySegment buffer) {
        checks.requireRank(root);
        if (rank() != root) {
            TeamChecks.requireWritable("broadcast", buffer);
        }
        collectives.broadcast(root, buffer);
    }

    @Override
    public void reduce(int root, MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        checks.requireRank(root);
        if (rank() == root) {
            TeamChecks.requireReducible("reduce", source, destination, type, op);
        } else {
            TeamChecks.requireElements("reduce", source, type, op);
        }
        collectives.reduce(root, source, destination, type, op);
    }

    @Override
    public void allreduce(MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        TeamChecks.requireReducible("allreduce", source, destination, type, op);
        collectives.allreduce(source, destination, type, op);
    }

    @Override
    public long allreduce(long value, Operator op) {
        TeamChecks.requireReduction(op, DataType.LONG);
        return collectives.allreduce(value, op);
    }

    @Override
    public double allreduce(double value, Operator op) {
        TeamChecks.requireReduction(op, DataType.DOUBLE);
        return collectives.allreduce(value, op);
    }

    @Override
    public void gather(int root, MemorySegment source, MemorySegment destination) {
        checks.requireRank(root);
        if (rank() == root) {
            checks.requirePieces("gather", destination, source);
            TeamChecks.requireWritable("gather", destination);
        }
        collectives.gather(root, source, destination);
    }

    @Override
    public void gatherv(
            int root, MemorySegment source, MemorySegment destination, long[] counts, long[] displacements) {
        checks.requireRank(root);
        if (rank() == root) {
            checks.requirePlaces("gatherv", destination, counts, displacements);
            checks.requireOwnCount("gatherv", counts, source);
            TeamChecks.requireWritable("gatherv", destination);
        }
        collectives.gatherv(root, source, destination, counts, displacements);
    }

    @Override
    public void allgather(MemorySegment source, MemorySegment destination) {
        checks.requirePieces("allgather", destination, source);
        TeamChecks.requireWritable("allgather", destination);
        collectives.allgather(source, destination);
    }

    @Override
    public void allgatherv(MemorySegment source, MemorySegment destination, long[] counts, long[] displacements) {
        checks.requirePlaces("allgatherv", destination, counts, displacements);
        checks.requireOwnCount("allgatherv", counts, source);
        TeamChecks.requireWritable("allgatherv", destination);
        collectives.allgatherv(source, destination, counts, displacements);
    }

    @Override
    public void scatter(int root, MemorySegment source, MemorySegment destination) {
        checks.requireRank(root);
        if (rank() == root) {
            checks.requirePieces("scatter", source, destination);
        }
        TeamChecks.requireWritable("scatter", destination);
        collectives.scatter(root, source, destination);
    }

    @Override
    public void scatterv(
            int root, MemorySegment source, long[] counts, long[] displacements, MemorySegment destination) {
        checks.requireRank(root);
        if (rank() == root) {
            checks.requirePlaces("scatterv", source, counts, displacements);
            checks.requireOwnCount("scatterv", counts, destination);
        }
        TeamChecks.requireWritable("scatterv", destination);
        collectives.scatterv(root, source, counts, displacements, destination);
    }

    @Override
    public void alltoall(MemorySegment source, MemorySegment destination) {
        if (source.byteSize() != destination.byteSize() || source.byteSize() % size() != 0) {
            throw new IllegalArgumentException("alltoall from " + source.byteSize() + " to " + destination.byteSize()
                    + " bytes: they must be equal and a multiple of " + size() + ", the size of the team");
        }
        TeamChecks.requireWritable("alltoall", destination);
        collectives.alltoall(source, destination);
    }

    @Override
    public void alltoallv(
            MemorySegment source,
            long[] sourceCounts,
            long[] sourceDisplacements,
            MemorySegment destination,
            long[] destinationCounts,
            long[] destinationDisplacements) {
        checks.requirePlaces("alltoallv", source, sourceCounts, sourceDisplacements);
        checks.requirePlaces("alltoallv", destination, destinationCounts, destinationDisplacements);
        if (sourceCounts[rank()] != destinationCounts[rank()]) {
            throw new IllegalArgumentException("alltoallv of " + sourceCounts[rank()] + " bytes to, but "
                    + destinationCounts[rank()] + " from this rank itself");
        }
        TeamChecks.requireWritable("alltoallv", destination);
        collectives.alltoallv(
                source, sourceCounts, sourceDisplacements, destination, destinationCounts, destinationDisplacements);
    }

    @Override
    public void reduceScatter(MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        TeamChecks.requireElements("reduceScatter", destination, type, op);
        checks.requirePieces("reduceScatter", source, destination);
        TeamChecks.requireWritable("reduceScatter", destination);
        collectives.reduceScatter(source, destination, type, op);
    }

    @Override
    public void reduceScatterv(
            MemorySegment source, MemorySegment destination, long[] counts, DataType type, Operator op) {
        TeamChecks.requireElements("reduceScatterv", source, type, op);
        checks.requireBlocks("reduceScatterv", source, counts, type);
        checks.requireOwnCount("reduceScatterv", counts, destination);
        TeamChecks.requireWritable("reduceScatterv", destination);
        collectives.reduceScatterv(source, destination, counts, type, op);
    }

    @Override
    public void scan(MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        TeamChecks.requireReducible("scan", source, destination, type, op);
        collectives.scan(source, destination, type, op);
    }

    @Override
    public void exscan(MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        TeamChecks.requireReducible("exscan", source, destination, type, op);
        collectives.exscan(source, destination, type, op);
    }

    @Override
    public void close() {
        if (world == this || closed) {
            return;
        }
        closed = true;
        boolean together = false;
        try {
            if (!board.isBroken()) {
                board.depart();
                together = true;
            }
        } catch (PeerFailedException e) {
            LOG.log(Level.DEBUG, "a team closes without a rank that failed", e);
        } finally {
            board.close(new IllegalStateException("the team is closed"));
            if (together) {
                world.parts.remove(this);
                release();
            }
        }
    }

    /// Collective. Leaves when all do; then no collective can follow.
    ///
    /// @throws org.porthole.PortholeException if the others do something else; the team is left all the same
    public void leave() {
        IllegalStateException ended = new IllegalStateException("the job is closed");
        for (MemberTeam part : parts) {
            part.board.abandon();
            part.board.close(ended);
        }
        try {
            if (board.isBroken()) {
                board.leaveBehind();
            } else {
                board.sync(CollectiveKind.LEAVE, 0);
            }
        } catch (PeerFailedException e) {
            LOG.log(Level.DEBUG, "the job closes without a rank that failed", e);
        } finally {
            board.close(ended);
        }
    }

    /// Frees what is still open, without the peers: windows and parts. A part that was closed without agreement is freed only here, since ranks of this
    /// process may have been looking at it.
    public void release() {
        closed = true;
        parts.forEach(MemberTeam::release);
        parts.clear();
        windows.forEach(OpenWindow::release);
        windows.clear();
        if (control != null) {
            control.close();
        }
    }
}
