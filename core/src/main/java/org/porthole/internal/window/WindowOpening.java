package org.porthole.internal.window;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.porthole.CollectiveMismatchException;
import org.porthole.InsufficientMemoryException;
import org.porthole.Team;
import org.porthole.TransportException;
import org.porthole.WindowSpec;
import org.porthole.internal.collective.CollectiveKind;
import org.porthole.internal.collective.Collectives;
import org.porthole.internal.collective.TeamContext;
import org.porthole.internal.route.Routes;
import org.porthole.internal.route.Target;

/// The collective opening of one window, in three exchanges: what everybody wants, where it is, and whether all have attached it. After each,
/// all ranks know the same and so decide the same; what one rank cannot do fails for all, and nothing is left behind.
public final class WindowOpening {
    private static final byte OK = 0;
    private static final byte FAILED = 1;

    private final Team team;
    private final TeamContext context;
    private final Collectives collectives;
    private final long number;
    private final WindowSpec spec;
    private final String name;

    /// An opening that has not begun.
    ///
    /// @param team        the team that opens
    /// @param context     its job
    /// @param collectives its collective operations
    /// @param number      the window's number in the team, the same on all ranks
    /// @param spec        this rank's request
    public WindowOpening(Team team, TeamContext context, Collectives collectives, long number, WindowSpec spec) {
        this.team = team;
        this.context = context;
        this.collectives = collectives;
        this.number = number;
        this.spec = spec;
        name = spec.name().isEmpty() ? "window-" + number : spec.name();
    }

    /// Collective. Opens the window.
    ///
    /// @param onClose told when it has closed
    /// @return the window
    public OpenWindow open(Consumer<OpenWindow> onClose) {
        collectives.board().nameWindow(number, name);
        long[] lengths = agreeOnSizes();
        SharedPart data = null;
        SharedPart locks = null;
        try {
            byte[] answer;
            try {
                data = SharedPart.allocate(context.routes(), spec.byteSize(), name);
                locks = SharedPart.allocate(context.routes(), LockDescriptor.byteSize(context.size()), name + "-locks");
                answer = answer(OK, concat(data.keys(), locks.keys()));
            } catch (TransportException e) {
                answer = failed(e);
            }
            ByteBuffer[] keys = exchange(answer);
            try {
                attach(data, locks, keys, lengths);
                answer = answer(OK, new byte[0]);
            } catch (TransportException e) {
                answer = failed(e);
            }
            exchange(answer);
        } catch (RuntimeException e) {
            if (data != null) {
                data.close();
            }
            if (locks != null) {
                locks.close();
            }
            throw e;
        }
        return new OpenWindow(team, context, collectives.board(), number, name, lengths, data, locks, onClose);
    }

    private void attach(SharedPart data, SharedPart locks, ByteBuffer[] keys, long[] lengths) {
        Routes routes = context.routes();
        Target[] dataTargets = new Target[context.size()];
        Target[] lockTargets = new Target[context.size()];
        data.adopt(dataTargets);
        locks.adopt(lockTargets);
        for (int peer = 0; peer < context.size(); peer++) {
            long lockBytes = LockDescriptor.byteSize(context.size());
            if (peer == context.rank()) {
                dataTargets[peer] = Target.own(data.memory(), lengths[peer]);
                lockTargets[peer] = Target.own(locks.memory(), lockBytes);
            } else {
                dataTargets[peer] = routes.attach(peer, keys[peer], lengths[peer]);
                lockTargets[peer] = routes.attach(peer, keys[peer], lockBytes);
            }
        }
    }

    /// Exchanges answers; throws on every rank what any rank failed with.
    private ByteBuffer[] exchange(byte[] mine) {
        byte[][] all = collectives.exchange(CollectiveKind.OPEN_WINDOW, number, mine);
        ByteBuffer[] bodies = new ByteBuffer[all.length];
        for (int peer = 0; peer < all.length; peer++) {
            bodies[peer] = ByteBuffer.wrap(all[peer]);
            if (bodies[peer].get() == FAILED) {
                throw new TransportException("window \"" + name + "\" cannot be opened: rank " + peer + ": "
                        + StandardCharsets.UTF_8.decode(bodies[peer]));
            }
        }
        return bodies;
    }

    private static byte[] failed(TransportException e) {
        return answer(FAILED, String.valueOf(e.getMessage()).getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] answer(byte outcome, byte[] body) {
        int length = Math.min(body.length, Collectives.MAX_EXCHANGE - 1);
        return ByteBuffer.allocate(1 + length).put(outcome).put(body, 0, length).array();
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private long[] agreeOnSizes() {
        byte[] called = spec.name().getBytes(StandardCharsets.UTF_8);
        byte[] mine = ByteBuffer.allocate(2 * Long.BYTES + called.length)
                .putLong(spec.byteSize())
                .putLong(MemoryBudget.available())
                .put(called)
                .array();
        byte[][] all = collectives.exchange(CollectiveKind.OPEN_WINDOW, number, mine);
        long[] lengths = new long[all.length];
        long[] budgets = new long[all.length];
        for (int peer = 0; peer < all.length; peer++) {
            ByteBuffer wish = ByteBuffer.wrap(all[peer]);
            lengths[peer] = wish.getLong();
            budgets[peer] = wish.getLong();
            String theirs = StandardCharsets.UTF_8.decode(wish).toString();
            if (!theirs.equals(spec.name())) {
                throw new CollectiveMismatchException("the ranks open different windows: rank " + context.rank()
                        + " calls it \"" + spec.name() + "\", rank " + peer + " \"" + theirs + "\"");
            }
        }
        requireFits(lengths, budgets);
        return lengths;
    }

    private void requireFits(long[] lengths, long[] budgets) {
        Map<String, Long> needed = new LinkedHashMap<>();
        Map<String, Long> available = new LinkedHashMap<>();
        for (int peer = 0; peer < lengths.length; peer++) {
            needed.merge(context.hosts().get(peer), lengths[peer], WindowOpening::addSaturated);
            available.merge(context.hosts().get(peer), budgets[peer], Math::min);
        }
        needed.forEach((host, bytes) -> {
            if (bytes > available.get(host)) {
                throw new InsufficientMemoryException(
                        "window \"" + name + "\" does not fit: its parts on host " + host + " take "
                                + bytes + " bytes, and " + available.get(host)
                                + " are available there (MemAvailable and the control group's limit); rank "
                                + context.rank() + " asked for " + spec.byteSize());
            }
        });
    }

    private static long addSaturated(long a, long b) {
        return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
    }
}
