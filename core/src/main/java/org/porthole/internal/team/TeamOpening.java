package org.porthole.internal.team;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.porthole.CollectiveMismatchException;
import org.porthole.PortholeException;
import org.porthole.TransportException;
import org.porthole.internal.collective.CollectiveKind;
import org.porthole.internal.collective.Collectives;
import org.porthole.internal.collective.TeamContext;
import org.porthole.internal.collective.TeamShape;
import org.porthole.internal.route.Target;
import org.porthole.internal.window.SharedPart;
import org.porthole.spi.TargetAtomics;

/// The collective making of teams out of one, in three exchanges among all its ranks: who belongs together, where the control memory is, and whether all
/// have attached it. After each, all ranks know the same and so decide the same; what one rank cannot do fails for all, and nothing is left behind.
final class TeamOpening {
    private static final byte OK = 0;
    private static final byte FAILED = 1;
    private static final byte SPLIT = 2;
    private static final byte OF = 3;

    private final TeamContext parent;
    private final Collectives collectives;
    private final long number;
    private final MemberTeam world;

    /// @param parent      the team whose ranks take part
    /// @param collectives its collective operations
    /// @param number      how many openings it has done, the same on all ranks
    /// @param world       the team that the new one ends with
    TeamOpening(TeamContext parent, Collectives collectives, long number, MemberTeam world) {
        this.parent = parent;
        this.collectives = collectives;
        this.number = number;
        this.world = world;
    }

    /// Collective. See [org.porthole.Team#split(int, int)]; null if this rank is in no team.
    MemberTeam split(int colour, int key) {
        byte[][] all = agree(ByteBuffer.allocate(1 + 2 * Integer.BYTES)
                .put(SPLIT)
                .putInt(colour)
                .putInt(key)
                .array());
        int[] colours = new int[all.length];
        int[] keys = new int[all.length];
        for (int peer = 0; peer < all.length; peer++) {
            ByteBuffer theirs = ByteBuffer.wrap(all[peer], 1, 2 * Integer.BYTES);
            colours[peer] = theirs.getInt();
            keys[peer] = theirs.getInt();
        }
        int[] members = IntStream.range(0, all.length)
                .filter(peer -> colour >= 0 && colours[peer] == colour)
                .boxed()
                .sorted(Comparator.comparingInt(peer -> keys[peer]))
                .mapToInt(Integer::intValue)
                .toArray();
        return open(members);
    }

    /// Collective. See [org.porthole.Team#of(int...)]; null if this rank is not among them.
    MemberTeam of(int... ranks) {
        ByteBuffer mine = ByteBuffer.allocate(1 + ranks.length * Integer.BYTES).put(OF);
        mine.asIntBuffer().put(ranks);
        byte[][] all = agree(mine.array());
        for (int peer = 0; peer < all.length; peer++) {
            if (!Arrays.equals(all[peer], mine.array())) {
                throw new CollectiveMismatchException("the ranks make different teams: rank " + parent.rank()
                        + " of the ranks " + Arrays.toString(ranks) + ", rank " + peer + " of "
                        + Arrays.toString(ranks(all[peer])));
            }
        }
        boolean member = Arrays.stream(ranks).anyMatch(rank -> rank == parent.rank());
        return open(member ? ranks : new int[0]);
    }

    private static int[] ranks(byte[] wish) {
        int[] ranks = new int[(wish.length - 1) / Integer.BYTES];
        ByteBuffer.wrap(wish, 1, wish.length - 1).asIntBuffer().get(ranks);
        return ranks;
    }

    /// Tells what this rank wants, and requires the same form of all.
    private byte[][] agree(byte[] mine) {
        byte[][] all = collectives.exchange(CollectiveKind.OPEN_TEAM, number, mine);
        for (int peer = 0; peer < all.length; peer++) {
            if (all[peer][0] != all[0][0]) {
                throw new CollectiveMismatchException("the ranks make teams in different ways: rank 0 "
                        + describe(all[0][0]) + ", rank " + peer + " " + describe(all[peer][0]));
            }
        }
        return all;
    }

    private static String describe(byte form) {
        return form == SPLIT ? "splits by colour or host" : "names the ranks";
    }

    /// @param members of this rank's team; none if it will be in none
    private MemberTeam open(int... members) {
        boolean member = members.length > 0;
        TeamContext context = member ? parent.part(members) : null;
        TeamShape shape = null;
        Target[] targets = new Target[members.length];
        SharedPart control = null;
        try {
            byte[] answer = new byte[] {OK};
            if (member) {
                try {
                    byte wish = TeamShape.wish(context);
                    long bytes = TeamShape.controlBytes(members.length, wish);
                    control = SharedPart.allocate(context.routes(), bytes, "team", TargetAtomics::of);
                    byte[] keys = control.keys();
                    answer = ByteBuffer.allocate(2 + keys.length)
                            .put(OK)
                            .put(wish)
                            .put(keys)
                            .array();
                } catch (PortholeException e) {
                    answer = failed(e);
                }
            }
            ByteBuffer[] keys = exchange(answer);
            answer = new byte[] {OK};
            if (member) {
                try {
                    shape = attach(context, control, keys, targets, members);
                } catch (PortholeException e) {
                    answer = failed(e);
                }
            }
            exchange(answer);
        } catch (RuntimeException e) {
            if (control != null) {
                control.close();
            }
            throw e;
        }
        return member ? MemberTeam.part(context, control, targets, shape, world) : null;
    }

    private static TeamShape attach(
            TeamContext context, SharedPart control, ByteBuffer[] keys, Target[] targets, int... members) {
        control.adopt(targets);
        byte[] wishes = new byte[targets.length];
        for (int peer = 0; peer < targets.length; peer++) {
            wishes[peer] = keys[members[peer]].get();
            long bytes = TeamShape.controlBytes(members.length, wishes[peer]);
            targets[peer] = peer == context.rank()
                    ? Target.own(control.memory(), bytes)
                    : context.attach(peer, keys[members[peer]], bytes);
        }
        return TeamShape.of(wishes);
    }

    private static byte[] failed(PortholeException e) {
        byte[] text = String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(1 + text.length).put(FAILED).put(text).array();
    }

    /// Exchanges answers; throws on every rank what any rank failed with.
    private ByteBuffer[] exchange(byte[] answer) {
        byte[][] all = collectives.exchange(CollectiveKind.OPEN_TEAM, number, answer);
        ByteBuffer[] bodies = new ByteBuffer[all.length];
        for (int peer = 0; peer < all.length; peer++) {
            bodies[peer] = ByteBuffer.wrap(all[peer]);
            if (bodies[peer].get() == FAILED) {
                throw new TransportException(
                        "the team cannot be made: rank " + peer + ": " + StandardCharsets.UTF_8.decode(bodies[peer]));
            }
        }
        return bodies;
    }
}
