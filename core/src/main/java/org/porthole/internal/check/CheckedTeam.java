package org.porthole.internal.check;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.Request;
import org.porthole.Team;
import org.porthole.Window;
import org.porthole.WindowSpec;
import org.porthole.config.CheckMode;
import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;
import org.porthole.internal.progress.MessageOrder;
import org.porthole.internal.team.MemberTeam;

/// A team whose windows are checked, and whose collectives count as the synchronisation that they are.
///
/// A rank that can depend on another in a collective hears that rank's clock: all of them where all meet, the root after a broadcast, those below in
/// a scan. The clocks lie in a window of the check's own.
public final class CheckedTeam implements Team {
    /// Clocks of this rank: two for collectives that wait, used in turns so that one which is already in the next does not tell of more; one for those
    /// that were started.
    private static final int STARTED = 2;
    private static final int CLOCKS = 3;

    private final RaceCheck check;
    private final MemberTeam inner;
    private final MemberTeam world;
    private final int[] worldRanks;
    private final ClockMemory clocks;
    private final Meeting meeting;
    /// Of the world; null for other teams.
    private final MessageClocks messages;

    private final Map<Integer, CheckedWindow> windows = new TreeMap<>();
    private int windowCount;
    private int round;

    private CheckedTeam(RaceCheck check, MemberTeam inner, MemberTeam world, MessageClocks messages) {
        this.check = check;
        this.inner = inner;
        this.world = world;
        this.messages = messages;
        worldRanks = new int[inner.size()];
        for (int rank = 0; rank < worldRanks.length; rank++) {
            worldRanks[rank] = world.translate(inner, rank);
        }
        clocks = new ClockMemory(inner, check.clock, CLOCKS);
        meeting = new Meeting(check, inner, worldRanks);
    }

    /// Collective. A job's world as its program sees it.
    ///
    /// @param configuration the job's settings, the same on all ranks
    /// @param world         its world
    /// @return the world itself, unless something is to be checked
    public static Team of(Configuration configuration, MemberTeam world) {
        if (configuration.value(CoreOptions.CHECK) == CheckMode.OFF) {
            return world;
        }
        RaceCheck check = new RaceCheck(configuration, world.rank(), world.size());
        return new CheckedTeam(check, world, world, new MessageClocks(check, world));
    }

    private CheckedTeam part(Team team) {
        return new CheckedTeam(check, (MemberTeam) team, world, null);
    }

    /// What takes down what messages order.
    ///
    /// @return null unless this is a world
    public MessageOrder messageOrder() {
        return messages;
    }

    /// A job's rank's number in this team; -1 if it is not in it.
    int rankOf(int worldRank) {
        for (int rank = 0; rank < worldRanks.length; rank++) {
            if (worldRanks[rank] == worldRank) {
                return rank;
            }
        }
        return -1;
    }

    RaceCheck check() {
        return check;
    }

    /// All ranks are about to synchronise.
    void announce() {
        meeting.announce(windows);
    }

    /// All ranks have synchronised, and had announced it.
    void meet() {
        check.sites.refresh();
        meeting.meet(windows);
    }

    /// A request of a window or of this team that takes down its completion.
    Request request(Request request, Runnable onComplete) {
        return new CheckedRequest(inner.waiter(), request, onComplete);
    }

    void closed(CheckedWindow window) {
        meet();
        windows.remove(window.number());
        synchronized (check) {
            check.windows.remove(window);
        }
    }

    @Override
    public int rank() {
        return inner.rank();
    }

    @Override
    public int size() {
        return inner.size();
    }

    @Override
    public int translate(Team other, int rank) {
        return inner.translate(((CheckedTeam) other).inner, rank);
    }

    @Override
    public Optional<Team> split(int colour, int key) {
        announce();
        Optional<Team> part = inner.split(colour, key);
        meet();
        return part.map(this::part);
    }

    @Override
    public Team splitByHost() {
        announce();
        Team part = inner.splitByHost();
        meet();
        return part(part);
    }

    @Override
    public Optional<Team> of(int... ranks) {
        announce();
        Optional<Team> part = inner.of(ranks);
        meet();
        return part.map(this::part);
    }

    @Override
    public Window openWindow(WindowSpec spec) {
        windowCount++;
        // The check's own windows count too, inside.
        WindowSpec named = spec.name().isEmpty() ? spec.named("window-" + windowCount) : spec;
        announce();
        Window opened = inner.openWindow(named);
        CheckedWindow window;
        synchronized (check) {
            window = new CheckedWindow(this, inner, opened, spec, windowCount);
            windows.put(windowCount, window);
            check.windows.add(window);
        }
        meet();
        return window;
    }

    @Override
    public void close() {
        inner.close();
    }

    /// Whom a rank can depend on after a collective.
    private boolean[] all() {
        boolean[] sources = new boolean[worldRanks.length];
        for (int rank = 0; rank < sources.length; rank++) {
            sources[rank] = rank != rank();
        }
        return sources;
    }

    private boolean[] root(int root) {
        boolean[] sources = new boolean[worldRanks.length];
        if (isRank(root)) {
            sources[root] = root != rank();
        }
        return sources;
    }

    private boolean[] atRoot(int root) {
        return root == rank() ? all() : new boolean[worldRanks.length];
    }

    private boolean[] below() {
        boolean[] sources = new boolean[worldRanks.length];
        for (int rank = 0; rank < rank(); rank++) {
            sources[rank] = true;
        }
        return sources;
    }

    private boolean isRank(int root) {
        return root >= 0 && root < worldRanks.length;
    }

    private <T> T run(boolean[] sources, Supplier<T> collective) {
        int slot = round & 1;
        synchronized (check) {
            check.clock.release();
            clocks.publish(rank(), slot);
        }
        T result = collective.get();
        round++;
        synchronized (check) {
            check.sites.refresh();
            clocks.collect(sources, slot);
        }
        return result;
    }

    private void run(boolean[] sources, Runnable collective) {
        run(sources, () -> {
            collective.run();
            return this;
        });
    }

    private Request start(boolean[] sources, Supplier<Request> collective) {
        synchronized (check) {
            check.clock.release();
            clocks.publish(rank(), STARTED);
        }
        return request(collective.get(), () -> {
            synchronized (check) {
                check.sites.refresh();
                clocks.collect(sources, STARTED);
            }
        });
    }

    @Override
    public void barrier() {
        announce();
        inner.barrier();
        meet();
    }

    @Override
    public void broadcast(int root, MemorySegment buffer) {
        run(root(root), () -> inner.broadcast(root, buffer));
    }

    @Override
    public void reduce(int root, MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        run(atRoot(root), () -> inner.reduce(root, source, destination, type, op));
    }

    @Override
    public void allreduce(MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        run(all(), () -> inner.allreduce(source, destination, type, op));
    }

    @Override
    public long allreduce(long value, Operator op) {
        return run(all(), () -> inner.allreduce(value, op));
    }

    @Override
    public double allreduce(double value, Operator op) {
        return run(all(), () -> inner.allreduce(value, op));
    }

    @Override
    public void gather(int root, MemorySegment source, MemorySegment destination) {
        run(atRoot(root), () -> inner.gather(root, source, destination));
    }

    @Override
    public void gatherv(
            int root, MemorySegment source, MemorySegment destination, long[] counts, long[] displacements) {
        run(atRoot(root), () -> inner.gatherv(root, source, destination, counts, displacements));
    }

    @Override
    public void allgather(MemorySegment source, MemorySegment destination) {
        run(all(), () -> inner.allgather(source, destination));
    }

    @Override
    public void allgatherv(MemorySegment source, MemorySegment destination, long[] counts, long[] displacements) {
        run(all(), () -> inner.allgatherv(source, destination, counts, displacements));
    }

    @Override
    public void scatter(int root, MemorySegment source, MemorySegment destination) {
        run(root(root), () -> inner.scatter(root, source, destination));
    }

    @Override
    public void scatterv(
            int root, MemorySegment source, long[] counts, long[] displacements, MemorySegment destination) {
        run(root(root), () -> inner.scatterv(root, source, counts, displacements, destination));
    }

    @Override
    public void alltoall(MemorySegment source, MemorySegment destination) {
        run(all(), () -> inner.alltoall(source, destination));
    }

    @Override
    public void alltoallv(
            MemorySegment source,
            long[] sourceCounts,
            long[] sourceDisplacements,
            MemorySegment destination,
            long[] destinationCounts,
            long[] destinationDisplacements) {
        run(
                all(),
                () -> inner.alltoallv(
                        source,
                        sourceCounts,
                        sourceDisplacements,
                        destination,
                        destinationCounts,
                        destinationDisplacements));
    }

    @Override
    public void reduceScatter(MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        run(all(), () -> inner.reduceScatter(source, destination, type, op));
    }

    @Override
    public void reduceScatterv(
            MemorySegment source, MemorySegment destination, long[] counts, DataType type, Operator op) {
        run(all(), () -> inner.reduceScatterv(source, destination, counts, type, op));
    }

    @Override
    public void scan(MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        run(below(), () -> inner.scan(source, destination, type, op));
    }

    @Override
    public void exscan(MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        run(below(), () -> inner.exscan(source, destination, type, op));
    }

    @Override
    public Request startBarrier() {
        return start(all(), () -> inner.startBarrier());
    }

    @Override
    public Request startBroadcast(int root, MemorySegment buffer) {
        return start(root(root), () -> inner.startBroadcast(root, buffer));
    }

    @Override
    public Request startReduce(int root, MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        return start(atRoot(root), () -> inner.startReduce(root, source, destination, type, op));
    }

    @Override
    public Request startAllreduce(MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        return start(all(), () -> inner.startAllreduce(source, destination, type, op));
    }

    @Override
    public Request startGather(int root, MemorySegment source, MemorySegment destination) {
        return start(atRoot(root), () -> inner.startGather(root, source, destination));
    }

    @Override
    public Request startGatherv(
            int root, MemorySegment source, MemorySegment destination, long[] counts, long[] displacements) {
        return start(atRoot(root), () -> inner.startGatherv(root, source, destination, counts, displacements));
    }

    @Override
    public Request startAllgather(MemorySegment source, MemorySegment destination) {
        return start(all(), () -> inner.startAllgather(source, destination));
    }

    @Override
    public Request startAllgatherv(
            MemorySegment source, MemorySegment destination, long[] counts, long[] displacements) {
        return start(all(), () -> inner.startAllgatherv(source, destination, counts, displacements));
    }

    @Override
    public Request startScatter(int root, MemorySegment source, MemorySegment destination) {
        return start(root(root), () -> inner.startScatter(root, source, destination));
    }

    @Override
    public Request startScatterv(
            int root, MemorySegment source, long[] counts, long[] displacements, MemorySegment destination) {
        return start(root(root), () -> inner.startScatterv(root, source, counts, displacements, destination));
    }

    @Override
    public Request startAlltoall(MemorySegment source, MemorySegment destination) {
        return start(all(), () -> inner.startAlltoall(source, destination));
    }

    @Override
    public Request startAlltoallv(
            MemorySegment source,
            long[] sourceCounts,
            long[] sourceDisplacements,
            MemorySegment destination,
            long[] destinationCounts,
            long[] destinationDisplacements) {
        return start(
                all(),
                () -> inner.startAlltoallv(
                        source,
                        sourceCounts,
                        sourceDisplacements,
                        destination,
                        destinationCounts,
                        destinationDisplacements));
    }

    @Override
    public Request startReduceScatter(MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        return start(all(), () -> inner.startReduceScatter(source, destination, type, op));
    }

    @Override
    public Request startReduceScatterv(
            MemorySegment source, MemorySegment destination, long[] counts, DataType type, Operator op) {
        return start(all(), () -> inner.startReduceScatterv(source, destination, counts, type, op));
    }

    @Override
    public Request startScan(MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        return start(below(), () -> inner.startScan(source, destination, type, op));
    }

    @Override
    public Request startExscan(MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        return start(below(), () -> inner.startExscan(source, destination, type, op));
    }
}
