package org.porthole.internal.progress;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.porthole.JobTimeoutException;
import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;
import org.porthole.config.WaitMode;
import org.porthole.spi.Awaited;
import org.porthole.spi.Transport;
import org.porthole.spi.Waiting;

/// How this rank waits: spin, yield, sleep; report what takes long; give up at the deadline.
///
/// Blocking wake-ups cost 28 to 39 us and yields 0.3 us here, so that a rank sleeps only when nothing has come for about a millisecond.
/// When ranks outnumber cores, spinning takes the core from the very rank that is waited for.
public final class Waiter implements Waiting {
    private static final System.Logger LOG = System.getLogger(Waiter.class.getName());

    private static final int SPINS = 1_000;
    /// Fewest looks before the first yield, and how many are tried after that again in one of [#WAITS_PER_TRIAL] waits.
    private static final int FEW_SPINS = 8;

    private static final int TRIAL_SPINS = 64;
    private static final int WAITS_PER_TRIAL = 64;
    private static final int YIELDS = 2_000;
    /// Looks without a yield after something has come: about as long as the next request takes that waits for this answer.
    private static final int QUICK_LOOKS = 64;
    /// Looks between two readings of the clock while spinning or yielding.
    private static final int LOOKS_PER_CHECK = 256;
    /// Spinning looks between two polls of the network, each of which is a system call: a word of memory may change at any time.
    private static final int LOOKS_PER_POLL = 8;

    private static final long OVER = -1;

    /// Longest sleep: then the peers are looked at again, even if no wake-up came.
    private static final long SLICE_NS = 50_000_000;
    /// Sleep of a virtual thread, which must not block its carrier and so cannot be woken by a peer, and of a thread that others wait for to advance
    /// something else than what wakes it.
    private static final long BLIND_SLICE_NS = 100_000;

    private final WaitMode mode;
    private int spins;
    private final int yields;
    private final long deadlineNs;
    private final long reportNs;
    private Transport[] driven = {};
    /// How many looks are worth while: fewer and fewer once they have been in vain, for who is waited for may need this core. Hints only.
    private int worthwhile = SPINS;

    private int waits;
    private volatile Advancing[] attended = {};
    /// What brings messages to this rank's ports, once there is something that can.
    private volatile BooleanSupplier post;

    private volatile Runnable watch;
    /// How much of it has begun and not ended.
    private final AtomicInteger outstanding = new AtomicInteger();
    /// How many virtual threads look again and again.
    private final AtomicInteger lookingVirtually = new AtomicInteger();

    /// Waits as the configuration says.
    ///
    /// @param configuration the settings
    /// @param crowded       whether the ranks of this host outnumber its cores
    public Waiter(Configuration configuration, boolean crowded) {
        mode = configuration.value(CoreOptions.WAIT);
        spins = switch (mode) {
            case ADAPTIVE -> crowded ? 0 : SPINS;
            case SPIN -> Integer.MAX_VALUE;
            case YIELD, PARK -> 0;
        };
        yields = switch (mode) {
            case ADAPTIVE -> YIELDS;
            case SPIN, YIELD -> Integer.MAX_VALUE;
            case PARK -> 0;
        };
        deadlineNs = configuration.value(CoreOptions.WAIT_DEADLINE);
        reportNs = configuration.value(CoreOptions.WAIT_REPORT);
    }

    /// Lets threads that wait drive transports.
    ///
    /// @param transports those in use
    public void drive(List<Transport> transports) {
        driven = transports.toArray(Transport[]::new);
    }

    /// Lets threads that wait advance something too, while it has begun and not ended.
    ///
    /// @param work what
    public synchronized void attend(Advancing work) {
        attended = Stream.concat(Arrays.stream(attended), Stream.of(work)).toArray(Advancing[]::new);
    }

    /// The opposite of [#attend(Advancing)].
    ///
    /// @param work what was given there
    public synchronized void forget(Advancing work) {
        attended = Arrays.stream(attended).filter(each -> !each.equals(work)).toArray(Advancing[]::new);
    }

    /// Lets threads that wait bring messages to ports.
    ///
    /// @param newPost  does what can be done without waiting, and tells whether there was something; throws nothing
    /// @param newWatch looks, now and then, also from threads that sleep most of the time, whether bringing takes too long; throws nothing
    public void deliver(BooleanSupplier newPost, Runnable newWatch) {
        post = newPost;
        watch = newWatch;
    }

    /// Something attended has begun.
    public void begin() {
        outstanding.incrementAndGet();
    }

    /// Something attended that had begun has ended.
    public void end() {
        outstanding.decrementAndGet();
    }

    /// Drives transports, and advances what has begun, once.
    ///
    /// @return whether something may have come
    boolean poll() {
        boolean came = false;
        for (Transport each : driven) {
            came |= each.poll();
        }
        BooleanSupplier bringing = post;
        if (bringing != null) {
            came |= bringing.getAsBoolean();
        }
        if (outstanding.get() != 0) {
            advance();
        }
        return came;
    }

    private void advance() {
        for (Advancing each : attended) {
            each.advance();
        }
    }

    private void enter() {
        for (Transport each : driven) {
            each.enter();
        }
    }

    private void leave(boolean sleeps) {
        for (Transport each : driven) {
            each.leave(sleeps);
        }
    }

    /// Whether whoever spins may keep the one that he waits for from its core.
    ///
    /// @return true if the ranks of this host outnumber its cores, or the configuration says that nobody is to spin
    public boolean isCrowded() {
        return spins == 0;
    }

    /// Takes note that the ranks of this host outnumber its cores.
    public void crowd() {
        if (mode == WaitMode.ADAPTIVE) {
            spins = 0;
        }
    }

    @Override
    public void await(Awaited awaited) {
        if (awaited.isReady()) {
            return;
        }
        boolean virtual = Thread.currentThread().isVirtual();
        boolean driving = true;
        enter();
        try {
            if (isReadySoon(awaited)) {
                return;
            }
            long begin = System.nanoTime();
            long nextReport = virtual ? awaitVirtually(awaited) : awaitBusily(awaited, begin);
            if (nextReport == OVER) {
                return;
            }
            driving = false;
            leave(true);
            awaitAsleep(awaited, begin, nextReport, virtual);
        } finally {
            if (driving) {
                leave(false);
            }
        }
    }

    private boolean isReadySoon(Awaited awaited) {
        int quick = quickLooks();
        for (int i = 0; i < quick; i++) {
            if (i % LOOKS_PER_POLL == 0) {
                boolean ignored = poll();
            } else {
                Thread.onSpinWait();
            }
            if (awaited.isReady()) {
                worthwhile = Math.min(SPINS, 2 * Math.max(quick, FEW_SPINS));
                return true;
            }
        }
        worthwhile = Math.max(FEW_SPINS, worthwhile / 2);
        return false;
    }

    private int quickLooks() {
        if (mode != WaitMode.ADAPTIVE || spins == 0) {
            return Math.min(spins, SPINS);
        }
        return ++waits % WAITS_PER_TRIAL == 0 ? Math.max(worthwhile, TRIAL_SPINS) : worthwhile;
    }

    /// Looks again and again, and lets others have the core in between. While there is something to be brought for others, which nobody else would do
    /// sooner, it goes on, and looks quickly: whoever asks once asks again.
    ///
    /// @return when to report next, as a length of the wait; or [#OVER]
    @SuppressWarnings("ThreadPriorityCheck") // yielding to the ranks that share this core is the point
    private long awaitBusily(Awaited awaited, long begin) {
        long nextReport = reportNs;
        boolean spin = spins > SPINS;
        int quick = 0;
        for (long looks = 0, idle = 0; idle < yields; looks++, idle++) {
            if (awaited.isReady()) {
                return OVER;
            }
            if (poll()) {
                idle = 0;
                quick = isCrowded() ? 0 : QUICK_LOOKS;
            }
            if (spin || quick > 0) {
                quick = Math.max(0, quick - 1);
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
            if (looks % LOOKS_PER_CHECK == LOOKS_PER_CHECK - 1) {
                nextReport = check(awaited, System.nanoTime() - begin, nextReport);
            }
        }
        return nextReport;
    }

    /// Like [#awaitBusily(Awaited, long)], but not for long, whatever comes and whatever the configuration says: a virtual thread that yields goes ahead of
    /// all that were woken, one of which may be the one that is waited for. The more of them look, the less each does.
    @SuppressWarnings("ThreadPriorityCheck") // to the virtual threads on this carrier
    private long awaitVirtually(Awaited awaited) {
        int looks = Math.min(yields, YIELDS) / lookingVirtually.incrementAndGet();
        try {
            for (; looks > 0; looks--) {
                if (awaited.isReady()) {
                    return OVER;
                }
                boolean ignored = poll();
                Thread.yield();
            }
            return reportNs;
        } finally {
            lookingVirtually.decrementAndGet();
        }
    }

    private void awaitAsleep(Awaited awaited, long begin, long nextReport, boolean virtual) {
        long reportAt = nextReport;
        while (!awaited.isReady()) {
            long waited = System.nanoTime() - begin;
            reportAt = check(awaited, waited, reportAt);
            sleep(awaited, virtual, deadlineNs - waited);
        }
    }

    /// Sees to peers, interruption, report and deadline.
    private long check(Awaited awaited, long waited, long nextReport) {
        awaited.checkPeers();
        Runnable watching = watch;
        if (watching != null) {
            watching.run();
        }
        if (outstanding.get() != 0) {
            for (Advancing each : attended) {
                each.checkPeers();
            }
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("interrupted: " + awaited.describe());
        }
        if (waited >= deadlineNs) {
            throw new JobTimeoutException("gave up after " + seconds(waited) + ": " + awaited.describe() + " ("
                    + CoreOptions.WAIT_DEADLINE.key() + ")");
        }
        if (waited < nextReport) {
            return nextReport;
        }
        LOG.log(System.Logger.Level.WARNING, "for {0} now: {1}", seconds(waited), awaited.describe());
        return waited > Long.MAX_VALUE / 2 ? Long.MAX_VALUE : 2 * Math.max(waited, nextReport);
    }

    private void sleep(Awaited awaited, boolean virtual, long leftNs) {
        if (virtual && !awaited.parksVirtually()) {
            LockSupport.parkNanos(Math.min(BLIND_SLICE_NS, Math.max(1, leftNs)));
        } else {
            long slice = outstanding.get() == 0 ? SLICE_NS : BLIND_SLICE_NS;
            awaited.park(Math.min(slice, Math.max(1, leftNs)));
        }
    }

    private static String seconds(long ns) {
        return ns / 1_000_000_000 + "." + ns / 100_000_000 % 10 + " s";
    }
}
