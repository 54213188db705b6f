package org.porthole.internal.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.porthole.Access;
import org.porthole.AccessRefusedException;
import org.porthole.ExposureExpiredException;
import org.porthole.ExposurePolicy;
import org.porthole.ExposureSpec;
import org.porthole.Grant;
import org.porthole.Job;
import org.porthole.Lease;
import org.porthole.Operator;
import org.porthole.Right;
import org.porthole.Window;
import org.porthole.WindowSpec;
import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;

/// Leases beside a model of them: random leases, renewals, revocations, accesses and operations of three ranks, by one thread and a manual clock, so that
/// every run repeats from its seed (`-Dporthole.test.seed=N`).
@Timeout(60)
class LeaseModelTest {
    private static final List<Right> RIGHTS = List.of(Right.values());
    private static final int RANKS = 3;
    private static final int WORDS = 16;
    private static final int PROGRAMS = 60;
    private static final int STEPS = 400;
    private static final long MOST_NS = 1_000;
    private static final Configuration SETTINGS =
            Configuration.load(Map.of(), Map.of()).with(CoreOptions.TRANSPORTS, "inproc");

    @Test
    void shouldDoWhatTheModelDoes() {
        Long given = Long.getLong("porthole.test.seed");
        long first = given == null ? ThreadLocalRandom.current().nextLong() : given;
        for (long seed = first; seed < first + (given == null ? PROGRAMS : 1); seed++) {
            run(seed);
        }
    }

    private static void run(long seed) {
        Window[] windows = new Window[RANKS];
        Job.runLocal(RANKS, SETTINGS, job -> {
            WindowSpec spec = WindowSpec.ofBytes(WORDS * 8).withPolicy(ExposurePolicy.DONT_TOUCH);
            windows[job.rank()] = job.world().openWindow(spec);
            job.world().barrier();
            if (job.rank() == 0) {
                new Program(seed, windows).run();
            }
            job.world().barrier();
            windows[job.rank()].close();
        });
    }

    /// What the model knows of a lease.
    private static final class Modelled {
        final Lease lease;
        final Grant[] grants = new Grant[RANKS];
        long endNs;
        boolean open = true;

        Modelled(Lease lease, long endNs) {
            this.lease = lease;
            this.endNs = endNs;
        }
    }

    private record Held(Access access, int rank, Modelled lease) {}

    private static final class Program {
        private final long seed;
        private final Random random;
        private final Window[] windows;
        private final long[] model = new long[WORDS];
        private final List<Modelled> leases = new ArrayList<>();
        private final List<Held> accesses = new ArrayList<>();
        private long nowNs;

        Program(long seed, Window... windows) {
            this.seed = seed;
            this.windows = windows;
            random = new Random(seed);
            ((OpenWindow) windows[0]).leasing().use(() -> nowNs);
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(12)) {
                    case 0, 1 -> lease();
                    case 2 -> renew();
                    case 3 -> revoke();
                    case 4 -> nowNs += random.nextLong(MOST_NS / 2);
                    case 5 -> expire();
                    case 6, 7 -> reach();
                    case 8 -> leave();
                    default -> operate();
                }
                if (isClosed()) {
                    requireSame();
                }
            }
            accesses.forEach(each -> each.access().close());
            leases.forEach(each -> each.lease.close());
            requireSame();
            windows[0].expose();
        }

        private boolean isClosed() {
            return leases.stream().noneMatch(each -> each.open);
        }

        private String where() {
            return "seed " + seed;
        }

        private void requireSame() {
            assertThat(windows[0].local().toArray(ValueLayout.JAVA_LONG))
                    .as(where())
                    .isEqualTo(model);
        }

        private Modelled of(int rank) {
            return leases.stream()
                    .filter(each -> each.open && each.grants[rank] != null)
                    .findFirst()
                    .orElse(null);
        }

        private void lease() {
            List<Grant> grants = new ArrayList<>();
            for (int rank = 0; rank < RANKS; rank++) {
                if (random.nextInt(2) == 0) {
                    long from = random.nextInt(WORDS) * 8L;
                    EnumSet<Right> rights = EnumSet.of(anyRight());
                    rights.add(anyRight());
                    grants.add(new Grant(
                            rank, rights, from, random.nextInt(2) == 0 ? Grant.REST : random.nextInt(WORDS) * 8L));
                }
            }
            long length = 1 + random.nextLong(MOST_NS);
            boolean refused = grants.stream().anyMatch(each -> of(each.rank()) != null);
            Lease[] lease = new Lease[1];
            Throwable thrown = catchThrowable(
                    () -> lease[0] = windows[0].expose(new ExposureSpec(grants), Duration.ofNanos(length)));
            if (refused) {
                assertThat(thrown).as(where()).isInstanceOf(IllegalStateException.class);
                return;
            }
            assertThat(thrown).as(where()).isNull();
            Modelled made = new Modelled(lease[0], nowNs + length);
            grants.forEach(each -> made.grants[each.rank()] = each);
            leases.add(made);
        }

        private Right anyRight() {
            return RIGHTS.get(random.nextInt(RIGHTS.size()));
        }

        private Modelled any() {
            return leases.isEmpty() ? null : leases.get(random.nextInt(leases.size()));
        }

        private void renew() {
            Modelled one = any();
            if (one == null) {
                return;
            }
            long length = 1 + random.nextLong(MOST_NS);
            Throwable thrown = catchThrowable(() -> one.lease.renew(Duration.ofNanos(length)));
            if (one.open && nowNs < one.endNs) {
                assertThat(thrown).as(where()).isNull();
                one.endNs = nowNs + length;
            } else {
                assertThat(thrown).as(where()).isInstanceOf(ExposureExpiredException.class);
            }
        }

        private void revoke() {
            Modelled one = any();
            if (one != null) {
                one.lease.close();
                one.open = false;
                assertThat(one.lease.isOpen()).as(where()).isFalse();
            }
        }

        private void expire() {
            Leases all = ((OpenWindow) windows[0]).leasing().leases();
            if (all == null) {
                return;
            }
            long next = all.expireDue();
            long expected = LeasedExposure.FOREVER_NS;
            for (Modelled each : leases) {
                if (each.open && each.endNs <= nowNs) {
                    each.open = false;
                } else if (each.open) {
                    expected = Math.min(expected, each.endNs - nowNs);
                }
                assertThat(each.lease.isOpen()).as(where()).isEqualTo(each.open);
            }
            assertThat(next).as(where()).isEqualTo(expected);
        }

        private void reach() {
            int rank = random.nextInt(RANKS);
            Modelled lease = of(rank);
            Access[] access = new Access[1];
            Throwable thrown = catchThrowable(() -> access[0] = windows[rank].access(0));
            if (lease != null) {
                assertThat(thrown).as(where()).isNull();
                accesses.add(new Held(access[0], rank, lease));
            } else {
                assertThat(thrown).as(where()).isInstanceOf(AccessRefusedException.class);
            }
        }

        private void leave() {
            if (!accesses.isEmpty()) {
                accesses.remove(random.nextInt(accesses.size())).access().close();
            }
        }

        private void operate() {
            if (accesses.isEmpty()) {
                return;
            }
            Held held = accesses.get(random.nextInt(accesses.size()));
            int word = random.nextInt(WORDS + 1);
            int words = random.nextInt(3);
            Right right = anyRight();
            Throwable thrown = catchThrowable(() -> operate(held, right, word, words));
            long count = right == Right.ATOMIC ? 1 : words;
            if (!held.lease().open) {
                assertThat(thrown).as(where()).isInstanceOf(ExposureExpiredException.class);
            } else if (word + count > WORDS) {
                assertThat(thrown).as(where()).isInstanceOf(IndexOutOfBoundsException.class);
            } else if (!isGranted(held.lease().grants[held.rank()], right, word * 8L, count * 8)) {
                assertThat(thrown).as(where()).isExactlyInstanceOf(AccessRefusedException.class);
            } else {
                assertThat(thrown).as(where()).isNull();
            }
        }

        private static boolean isGranted(Grant grant, Right right, long offset, long length) {
            long size = WORDS * 8L;
            long from = Math.min(grant.offset(), size);
            long to = grant.length() == Grant.REST ? size : Math.min(size, from + grant.length());
            return grant.rights().contains(right) && offset >= from && offset + length <= to;
        }

        private void operate(Held held, Right right, int word, int words) {
            long value = random.nextLong();
            switch (right) {
                case READ -> {
                    long[] got = new long[words];
                    held.access().get(0, word * 8L, MemorySegment.ofArray(got));
                    assertThat(got).as(where()).isEqualTo(Arrays.copyOfRange(model, word, word + words));
                }
                case WRITE -> {
                    long[] put = new long[words];
                    Arrays.fill(put, value);
                    held.access().put(0, word * 8L, MemorySegment.ofArray(put));
                    Arrays.fill(model, word, word + words, value);
                }
                case ATOMIC -> {
                    long before = held.access().fetchAndOp(0, word * 8L, Operator.SUM, value);
                    assertThat(before).as(where()).isEqualTo(model[word]);
                    model[word] += value;
                }
            }
        }
    }
}
