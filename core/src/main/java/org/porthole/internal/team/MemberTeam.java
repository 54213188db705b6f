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
import org.porthole.Request;
import org.porthole.Team;
import org.porthole.Window;
import org.porthole.WindowSpec;
import org.porthole.internal.collective.ArrivalBoard;
import org.porthole.internal.collective.CollectiveKind;
import org.porthole.internal.collective.Collectives;
import org.porthole.internal.collective.RequestLane;
import org.porthole.internal.collective.TeamContext;
import org.porthole.internal.collective.TeamShape;
import org.porthole.internal.progress.Waiter;
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
    private final CheckedCalls waiting;
    private final RequestLane requests;
    private final CheckedCalls starting;
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
    /// @param memory  this rank's control memory, of [TeamShape#controlBytes(int, byte)]
    /// @param targets that of all ranks
    /// @param shape   what the ranks agreed on
    /// @return the team
    public static MemberTeam ofWorld(TeamContext context, Memory memory, Target[] targets, TeamShape shape) {
        return new MemberTeam(context, memory, targets, shape, null, null);
    }

    /// A team of some of the ranks; open from now on.
    static MemberTeam part(
            TeamContext context, SharedPart control, Target[] targets, TeamShape shape, MemberTeam world) {
        MemberTeam part = new MemberTeam(context, control.memory(), targets, shape, control, world);
        world.parts.add(part);
        return part;
    }

    private MemberTeam(
            TeamContext context,
            Memory memory,
            Target[] targets,
            TeamShape shape,
            SharedPart control,
            MemberTeam world) {
        this.context = context;
        this.control = control;
        this.world = world == null ? this : world;
        TeamChecks checks = new TeamChecks(context.rank(), context.size());
        List<Collectives> lanes = Collectives.lanes(context, memory, targets, shape);
        collectives = lanes.getFirst();
        board = collectives.board();
        waiting = new CheckedCalls(checks, collectives);
        requests = new RequestLane(lanes.getLast().board(), context.waiter());
        starting = new CheckedCalls(checks, lanes.getLast());
        context.waiter().attend(requests);
    }

    /// How the team's job waits.
    ///
    /// @return the waiter
    public Waiter waiter() {
        return context.waiter();
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
    public Request startBarrier() {
        return requests.start(starting.barrier(requests.next()));
    }

    @Override
    public void broadcast(int root, MemorySegment buffer) {
        collectives.run(waiting.broadcast(collectives.next(), root, buffer));
    }

    @Override
    public Request startBroadcast(int root, MemorySegment buffer) {
        return requests.start(starting.broadcast(requests.next(), root, buffer));
    }

    @Override
    public void reduce(int root, MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        collectives.run(waiting.reduce(collectives.next(), root, source, destination, type, op));
    }

    @Override
    public Request startReduce(int root, MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        return requests.start(starting.reduce(requests.next(), root, source, destination, type, op));
    }

    @Override
    public void allreduce(MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        collectives.run(waiting.allreduce(collectives.next(), source, destination, type, op));
    }

    @Override
    public Request startAllreduce(MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        return requests.start(starting.allreduce(requests.next(), source, destination, type, op));
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
        collectives.run(waiting.gather(collectives.next(), root, source, destination));
    }

    @Override
    public Request startGather(int root, MemorySegment source, MemorySegment destination) {
        return requests.start(starting.gather(requests.next(), root, source, destination));
    }

    @Override
    public void gatherv(
            int root, MemorySegment source, MemorySegment destination, long[] counts, long[] displacements) {
        collectives.run(waiting.gatherv(collectives.next(), root, source, destination, counts, displacements));
    }

    @Override
    public Request startGatherv(
            int root, MemorySegment source, MemorySegment destination, long[] counts, long[] displacements) {
        return requests.start(starting.gatherv(requests.next(), root, source, destination, counts, displacements));
    }

    @Override
    public void allgather(MemorySegment source, MemorySegment destination) {
        collectives.run(waiting.allgather(collectives.next(), source, destination));
    }

    @Override
    public Request startAllgather(MemorySegment source, MemorySegment destination) {
        return requests.start(starting.allgather(requests.next(), source, destination));
    }

    @Override
    public void allgatherv(MemorySegment source, MemorySegment destination, long[] counts, long[] displacements) {
        collectives.run(waiting.allgatherv(collectives.next(), source, destination, counts, displacements));
    }

    @Override
    public Request startAllgatherv(
            MemorySegment source, MemorySegment destination, long[] counts, long[] displacements) {
        return requests.start(starting.allgatherv(requests.next(), source, destination, counts, displacements));
    }

    @Override
    public void scatter(int root, MemorySegment source, MemorySegment destination) {
        collectives.run(waiting.scatter(collectives.next(), root, source, destination));
    }

    @Override
    public Request startScatter(int root, MemorySegment source, MemorySegment destination) {
        return requests.start(starting.scatter(requests.next(), root, source, destination));
    }

    @Override
    public void scatterv(
            int root, MemorySegment source, long[] counts, long[] displacements, MemorySegment destination) {
        collectives.run(waiting.scatterv(collectives.next(), root, source, counts, displacements, destination));
    }

    @Override
    public Request startScatterv(
            int root, MemorySegment source, long[] counts, long[] displacements, MemorySegment destination) {
        return requests.start(starting.scatterv(requests.next(), root, source, counts, displacements, destination));
    }

    @Override
    public void alltoall(MemorySegment source, MemorySegment destination) {
        collectives.run(waiting.alltoall(collectives.next(), source, destination));
    }

    @Override
    public Request startAlltoall(MemorySegment source, MemorySegment destination) {
        return requests.start(starting.alltoall(requests.next(), source, destination));
    }

    @Override
    public void alltoallv(
            MemorySegment source,
            long[] sourceCounts,
            long[] sourceDisplacements,
            MemorySegment destination,
            long[] destinationCounts,
            long[] destinationDisplacements) {
        collectives.run(waiting.alltoallv(
                collectives.next(),
                source,
                sourceCounts,
                sourceDisplacements,
                destination,
                destinationCounts,
                destinationDisplacements));
    }

    @Override
    public Request startAlltoallv(
            MemorySegment source,
            long[] sourceCounts,
            long[] sourceDisplacements,
            MemorySegment destination,
            long[] destinationCounts,
            long[] destinationDisplacements) {
        return requests.start(starting.alltoallv(
                requests.next(),
                source,
                sourceCounts,
                sourceDisplacements,
                destination,
                destinationCounts,
                destinationDisplacements));
    }

    @Override
    public void reduceScatter(MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        collectives.run(waiting.reduceScatter(collectives.next(), source, destination, type, op));
    }

    @Override
    public Request startReduceScatter(MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        return requests.start(starting.reduceScatter(requests.next(), source, destination, type, op));
    }

    @Override
    public void reduceScatterv(
            MemorySegment source, MemorySegment destination, long[] counts, DataType type, Operator op) {
        collectives.run(waiting.reduceScatterv(collectives.next(), source, destination, counts, type, op));
    }

    @Override
    public Request startReduceScatterv(
            MemorySegment source, MemorySegment destination, long[] counts, DataType type, Operator op) {
        return requests.start(starting.reduceScatterv(requests.next(), source, destination, counts, type, op));
    }

    @Override
    public void scan(MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        collectives.run(waiting.scan(collectives.next(), source, destination, type, op));
    }

    @Override
    public Request startScan(MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        return requests.start(starting.scan(requests.next(), source, destination, type, op));
    }

    @Override
    public void exscan(MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        collectives.run(waiting.exscan(collectives.next(), source, destination, type, op));
    }

    @Override
    public Request startExscan(MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        return requests.start(starting.exscan(requests.next(), source, destination, type, op));
    }

    @Override
    public void close() {
        if (world == this || closed) {
            return;
        }
        if (requests.isOutstanding() && !board.isBroken()) {
            throw new IllegalStateException(
                    "collective operations of this team were started and are not complete: await their requests before closing it");
        }
        closed = true;
        boolean together = false;
        try {
            requests.abandon(CollectiveKind.CLOSE_TEAM);
            if (!board.isBroken()) {
                board.depart();
                together = true;
            }
        } catch (PeerFailedException e) {
            LOG.log(Level.DEBUG, "a team closes without a rank that failed", e);
        } finally {
            end(new IllegalStateException("the team is closed"));
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
            part.requests.abandon(CollectiveKind.LEAVE);
            part.board.abandon(CollectiveKind.LEAVE);
            part.end(ended);
        }
        try {
            requests.abandon(CollectiveKind.LEAVE);
            if (!board.isBroken()) {
                board.sync(CollectiveKind.LEAVE, 0);
            }
        } catch (PeerFailedException e) {
            LOG.log(Level.DEBUG, "the job closes without a rank that failed", e);
        } finally {
            end(ended);
        }
    }

    private void end(IllegalStateException cause) {
        board.leaveBehind();
        requests.leaveBehind();
        endLocally(cause);
    }

    private void endLocally(IllegalStateException cause) {
        board.close(cause);
        requests.end();
        context.waiter().forget(requests);
    }

    /// Frees what is still open, without the peers: windows and parts. A part that was closed without agreement is freed only here, since ranks of this
    /// process may have been looking at it.
    public void release() {
        if (!closed) {
            closed = true;
            endLocally(new IllegalStateException("the job is closed"));
        }
        parts.forEach(MemberTeam::release);
        parts.clear();
        windows.forEach(OpenWindow::release);
        windows.clear();
        if (control != null) {
            control.close();
        }
    }
}
