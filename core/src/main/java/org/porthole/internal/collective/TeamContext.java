package org.porthole.internal.collective;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.porthole.config.ArrivalMode;
import org.porthole.internal.progress.Membership;
import org.porthole.internal.progress.Waiter;
import org.porthole.internal.route.Routes;
import org.porthole.internal.route.Target;

/// What a team needs of its job. Ranks are the team's, but for [#routes()] and where it says so.
///
/// **Threads.** Any.
public final class TeamContext {
    private final int rank;
    private final int[] worldRanks;
    private final List<String> hosts;
    private final Routes routes;
    private final Membership worldMembership;
    private final Membership membership;
    private final Waiter waiter;
    private final ArrivalMode arrivals;
    private final long leaseBoundNs;

    private TeamContext(
            int rank,
            int[] worldRanks,
            List<String> hosts,
            Routes routes,
            Membership worldMembership,
            Membership membership,
            Waiter waiter,
            ArrivalMode arrivals,
            long leaseBoundNs) {
        this.rank = rank;
        this.worldRanks = worldRanks;
        this.hosts = hosts;
        this.routes = routes;
        this.worldMembership = worldMembership;
        this.membership = membership;
        this.waiter = waiter;
        this.arrivals = arrivals;
        this.leaseBoundNs = leaseBoundNs;
    }

    /// The team of all ranks of a job.
    ///
    /// @param rank       this rank
    /// @param hosts      the host of each rank, by name
    /// @param routes     the ways to the peers
    /// @param membership who is gone
    /// @param waiter     how to wait
    /// @param arrivals   how ranks tell each other of their arrivals
    /// @param leaseBoundNs how long the end of a lease waits for operations under way
    /// @return its context
    public static TeamContext ofWorld(
            int rank,
            List<String> hosts,
            Routes routes,
            Membership membership,
            Waiter waiter,
            ArrivalMode arrivals,
            long leaseBoundNs) {
        int[] all = IntStream.range(0, hosts.size()).toArray();
        return new TeamContext(rank, all, hosts, routes, membership, membership, waiter, arrivals, leaseBoundNs);
    }

    /// A team of some of this team's ranks.
    ///
    /// @param members their ranks in this team, in the order of the new one; this rank among them
    /// @return its context
    public TeamContext part(int... members) {
        int[] world = Arrays.stream(members).map(this::worldRank).toArray();
        int mine = indexOf(members, rank);
        List<String> theirHosts = Arrays.stream(members).mapToObj(hosts::get).toList();
        return new TeamContext(
                mine,
                world,
                theirHosts,
                routes,
                worldMembership,
                worldMembership.of(world),
                waiter,
                arrivals,
                leaseBoundNs);
    }

    private static int indexOf(int[] values, int value) {
        for (int i = 0; i < values.length; i++) {
            if (values[i] == value) {
                return i;
            }
        }
        return -1;
    }

    /// This rank.
    ///
    /// @return its number in the team
    public int rank() {
        return rank;
    }

    /// How many ranks there are.
    ///
    /// @return at least 1
    public int size() {
        return worldRanks.length;
    }

    /// The host of each rank.
    ///
    /// @return names
    public List<String> hosts() {
        return hosts;
    }

    /// The ways to the peers.
    ///
    /// @return routes, in which ranks are the job's
    public Routes routes() {
        return routes;
    }

    /// Whether this rank reaches a rank of the team by messages only, not by load and store.
    ///
    /// @return true if so
    public boolean isByMessages() {
        return Arrays.stream(worldRanks).anyMatch(routes::isByMessages);
    }

    /// Who is gone.
    ///
    /// @return a membership in the team's ranks
    public Membership membership() {
        return membership;
    }

    /// How to wait.
    ///
    /// @return the job's waiter
    public Waiter waiter() {
        return waiter;
    }

    /// How ranks tell each other of their arrivals.
    ///
    /// @return what the configuration says
    public ArrivalMode arrivals() {
        return arrivals;
    }

    /// How long the end of a lease waits for operations under way.
    ///
    /// @return nanoseconds
    public long leaseBoundNs() {
        return leaseBoundNs;
    }

    /// Whether a rank of the job is gone, in this team or not.
    ///
    /// @param jobRank its number in the job
    /// @return true if it is known to be
    public boolean isJobRankGone(int jobRank) {
        return worldMembership.isGone(jobRank);
    }

    /// A rank's number in the job.
    ///
    /// @param teamRank its number in the team
    /// @return its number in the job
    public int worldRank(int teamRank) {
        return worldRanks[teamRank];
    }

    /// A rank's number in the team.
    ///
    /// @param worldRank its number in the job
    /// @return its number in the team, -1 if it is not in it
    public int rankOf(int worldRank) {
        return indexOf(worldRanks, worldRank);
    }

    /// Attaches a peer's memory.
    ///
    /// @param peer   its rank in the team
    /// @param keys   positioned at its keys
    /// @param length how many bytes of it may be reached
    /// @return the target, to be closed
    public Target attach(int peer, ByteBuffer keys, long length) {
        return routes.attach(worldRank(peer), keys, length);
    }

    /// Attaches a peer's memory if this rank maps it; of others there is no key yet.
    ///
    /// @param peer   its rank in the team
    /// @param keys   positioned at its keys; afterwards behind them
    /// @param length how many bytes of it there are
    /// @return the target, to be closed
    public Target attachMapped(int peer, ByteBuffer keys, long length) {
        return routes.attachMapped(worldRank(peer), keys, length);
    }

    /// The team in words.
    ///
    /// @return `the team`, or `the team of the job's ranks [1, 3]`
    String describe() {
        boolean isWorld = membership == worldMembership;
        return isWorld ? "the team" : "the team of the job's ranks " + Arrays.toString(worldRanks);
    }
}
