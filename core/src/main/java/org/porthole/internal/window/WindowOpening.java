package org.porthole.internal.window;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.porthole.CollectiveMismatchException;
import org.porthole.ExposurePolicy;
import org.porthole.Guard;
import org.porthole.InsufficientMemoryException;
import org.porthole.Team;
import org.porthole.TransportException;
import org.porthole.WindowSpec;
import org.porthole.internal.collective.CollectiveKind;
import org.porthole.internal.collective.Collectives;
import org.porthole.internal.collective.TeamContext;
import org.porthole.internal.route.Routes;
import org.porthole.internal.route.Target;
import org.porthole.spi.Memory;
import org.porthole.spi.TargetAtomics;

/// The collective opening of one window, in three exchanges: what everybody wants, where it is, and whether all have attached it. After each,
/// all ranks know the same and so decide the same; what one rank cannot do fails for all, and nothing is left behind.
public final class WindowOpening {
    private static final byte OK = 0;
    private static final byte FAILED = 1;
    private static final int BULK = 1;
    private static final int DYNAMIC = 2;
    private static final int ADAPTER = 4;
    private static final int KEYED = 128;
    private static final int GUARD_SHIFT = 3;
    private static final int POLICY_SHIFT = 5;
    private static final Guard[] GUARDS = Guard.values();
    private static final ExposurePolicy[] POLICIES = ExposurePolicy.values();

    private final Team team;
    private final TeamContext context;
    private final Collectives collectives;
    private final long number;
    private final WindowSpec spec;
    private final String name;
    private final WindowDescriptor descriptor;
    /// Whether every rank's atomics go through adapters.
    private boolean byAdapter;

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
        descriptor =
                new WindowDescriptor(context.size(), spec.notifications(), spec.isDynamic(), spec.keysPerExposure());
    }

    /// Collective. Opens the window.
    ///
    /// @param onClose told when it has closed
    /// @return the window
    public OpenWindow open(Consumer<OpenWindow> onClose) {
        collectives.board().nameWindow(number, name);
        long[] lengths = agreeOnSizes();
        SharedPart[] sides = new SharedPart[spec.policy() == ExposurePolicy.STAGED ? 2 : 1];
        SharedPart control = null;
        try {
            byte[] answer;
            try {
                control = SharedPart.allocate(
                        context.routes(),
                        descriptor.byteSize(),
                        name + "-control",
                        memory -> new ControlAtomics(memory, descriptor));
                byte[] mine = control.keys();
                for (int side = 0; side < sides.length; side++) {
                    sides[side] = allocateData(control.memory());
                    mine = concat(mine, sides[side].keys());
                }
                requireGuard(sides[0].memory());
                answer = answer(OK, mine);
            } catch (TransportException e) {
                answer = failed(e);
            }
            ByteBuffer[] keys = exchange(answer);
            try {
                attach(sides, control, keys, lengths);
                answer = answer(OK, new byte[0]);
            } catch (TransportException e) {
                answer = failed(e);
            }
            exchange(answer);
        } catch (RuntimeException e) {
            for (SharedPart side : sides) {
                if (side != null) {
                    side.close();
                }
            }
            if (control != null) {
                control.close();
            }
            throw e;
        }
        return new OpenWindow(
                team,
                context,
                collectives.board(),
                number,
                spec.named(name),
                descriptor,
                lengths,
                sides,
                control,
                onClose);
    }

    /// In whole words: atomics on the last bytes exchange the word around them.
    private SharedPart allocateData(Memory control) {
        if (spec.memory().isPresent()) {
            Memory memory = new BorrowedMemory(spec.memory().get());
            return SharedPart.over(context.routes(), memory, atomics(memory, control));
        }
        long words = Math.ceilDiv(spec.byteSize(), (long) Long.BYTES);
        long byteSize = words > Long.MAX_VALUE / Long.BYTES ? spec.byteSize() : words * Long.BYTES;
        Function<Memory, TargetAtomics> atomics = memory -> atomics(memory, control);
        return spec.keysPerExposure()
                ? SharedPart.allocateMapped(context.routes(), byteSize, name, atomics)
                : SharedPart.allocate(context.routes(), byteSize, name, atomics);
    }

    private TargetAtomics atomics(Memory memory, Memory control) {
        if (byAdapter) {
            return TargetAtomics.BY_ADAPTER;
        }
        return spec.bulkAtomics()
                ? new TurnAtomics(memory, turn(control.segment(), context.rank()))
                : TargetAtomics.of(memory);
    }

    private Turn turn(MemorySegment control, int target) {
        return new Turn(control, target, context.rank(), name, context.membership(), context.waiter());
    }

    private void requireGuard(Memory memory) {
        if (spec.policy() == ExposurePolicy.DONT_TOUCH && spec.guard() == Guard.PAGES) {
            memory.guard(name)
                    .orElseThrow(() -> new TransportException("its part cannot be guarded by " + Guard.PAGES
                            + ": its memory has one mapping only; shared memory (shm) has more"))
                    .close();
        }
    }

    /// In the order of the keys: control memory, then the parts.
    private void attach(SharedPart[] sides, SharedPart control, ByteBuffer[] keys, long[] lengths) {
        long[] controlLengths = new long[context.size()];
        Arrays.fill(controlLengths, descriptor.byteSize());
        attach(control, keys, controlLengths, false, false);
        for (SharedPart side : sides) {
            attach(side, keys, lengths, byAdapter, spec.keysPerExposure());
        }
    }

    private void attach(SharedPart part, ByteBuffer[] keys, long[] lengths, boolean isByAdapter, boolean isMapped) {
        Target[] targets = new Target[context.size()];
        part.adopt(targets);
        for (int peer = 0; peer < context.size(); peer++) {
            if (peer != context.rank()) {
                targets[peer] = isMapped
                        ? context.attachMapped(peer, keys[peer], lengths[peer])
                        : context.attach(peer, keys[peer], lengths[peer]);
            } else if (isByAdapter) {
                targets[peer] = context.routes().attachOwn(part.memory(), keys[peer], lengths[peer]);
            } else {
                Routes.skipKeys(keys[peer]);
                targets[peer] = Target.own(part.memory(), lengths[peer]);
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
        return ByteBuffer.allocate(1 + body.length).put(outcome).put(body).array();
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private long[] agreeOnSizes() {
        byte[] called = spec.name().getBytes(StandardCharsets.UTF_8);
        byte[] mine = ByteBuffer.allocate(4 * Long.BYTES + 1 + called.length)
                .putLong(spec.byteSize())
                .putLong(needed())
                .putLong(MemoryBudget.available())
                .putInt(spec.notifications())
                .putInt(kind())
                .put((byte) (spec.adapterAtomics() && context.routes().hasAdapterAtomics() ? 1 : 0))
                .put(called)
                .array();
        byte[][] all = collectives.exchange(CollectiveKind.OPEN_WINDOW, number, mine);
        long[] lengths = new long[all.length];
        long[] needed = new long[all.length];
        long[] budgets = new long[all.length];
        boolean allByAdapter = true;
        for (int peer = 0; peer < all.length; peer++) {
            ByteBuffer wish = ByteBuffer.wrap(all[peer]);
            lengths[peer] = wish.getLong();
            needed[peer] = wish.getLong();
            budgets[peer] = wish.getLong();
            int notifications = wish.getInt();
            int kind = wish.getInt();
            allByAdapter &= wish.get() != 0;
            String theirs = StandardCharsets.UTF_8.decode(wish).toString();
            if (!theirs.equals(spec.name())) {
                throw new CollectiveMismatchException("the ranks open different windows: rank " + context.rank()
                        + " calls it \"" + spec.name() + "\", rank " + peer + " \"" + theirs + "\"");
            }
            if (notifications != spec.notifications() || kind != kind()) {
                throw new CollectiveMismatchException("the ranks open window \"" + name + "\" differently: rank "
                        + context.rank() + " with " + describe(spec.notifications(), kind()) + ", rank " + peer
                        + " with " + describe(notifications, kind));
            }
        }
        requireFits(needed, budgets);
        byAdapter = allByAdapter;
        return lengths;
    }

    /// What all ranks must agree on, in bits.
    @SuppressWarnings("EnumOrdinal") // all ranks run the same version
    private int kind() {
        return (spec.bulkAtomics() ? BULK : 0)
                | (spec.adapterAtomics() ? ADAPTER : 0)
                | (spec.isDynamic() ? DYNAMIC : 0)
                | (spec.keysPerExposure() ? KEYED : 0)
                | spec.guard().ordinal() << GUARD_SHIFT
                | spec.policy().ordinal() << POLICY_SHIFT;
    }

    private static String describe(int notifications, int kind) {
        return ((kind & DYNAMIC) != 0 ? "dynamic memory, " : "") + notifications + " notifications, "
                + ((kind & ADAPTER) != 0 ? "adapter" : (kind & BULK) != 0 ? "bulk" : "single") + " atomics, policy "
                + POLICIES[kind >>> POLICY_SHIFT & 3]
                + ", guard " + GUARDS[kind >>> GUARD_SHIFT & 3]
                + ((kind & KEYED) != 0 ? ", keys per exposure" : "");
    }

    /// How much is allocated for this rank.
    private long needed() {
        if (spec.memory().isPresent()) {
            return 0;
        }
        return spec.policy() == ExposurePolicy.STAGED
                ? addSaturated(spec.byteSize(), spec.byteSize())
                : spec.byteSize();
    }

    private void requireFits(long[] asked, long[] budgets) {
        Map<String, Long> needed = new LinkedHashMap<>();
        Map<String, Long> available = new LinkedHashMap<>();
        for (int peer = 0; peer < asked.length; peer++) {
            needed.merge(context.hosts().get(peer), asked[peer], WindowOpening::addSaturated);
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
