package org.porthole.internal.port;

import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.porthole.internal.progress.Waiter;
import org.porthole.spi.Awaited;

/// Brings messages while no thread of this rank does.
///
/// On duty it sleeps on the bell. Whoever looks by himself relieves it: then it is not among those that are counted as sleeping, so that no peer spends a
/// system call on waking it, and only looks now and then whether somebody still looks.
///
/// **Threads.** Its own; any for [#relieve()] and [#close()].
final class PortProgressAgent implements Awaited {
    private static final System.Logger LOG = System.getLogger(PortProgressAgent.class.getName());

    /// How long to leave it to others before looking whether they still do, at first and at most: each look takes a core from one of them.
    private static final long AWAY_NS = 200_000;
    private static final long LONG_AWAY_NS = 2_000_000;
    private static final long SLEEP_NS = TimeUnit.MILLISECONDS.toNanos(500);
    /// How long to look for more after something has come: about what a wake-up takes.
    private static final long LINGER_NS = 30_000;
    /// Looks after something has come before the core is offered to others: what answers at once is back by then.
    private static final int QUICK_LOOKS = 100;

    private final PostOffice office;
    private final Waiter waiter;
    private final Thread thread;
    private final AtomicBoolean onDuty = new AtomicBoolean();
    private volatile boolean closing;

    PortProgressAgent(PostOffice office, Waiter waiter, int rank) {
        this.office = office;
        this.waiter = waiter;
        thread = Thread.ofPlatform().daemon().name("porthole-ports-" + rank).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    boolean isOnDuty() {
        return onDuty.getPlain() && Thread.currentThread() != thread;
    }

    /// Another thread brings messages.
    void relieve() {
        if (onDuty.compareAndSet(true, false)) {
            office.bell().ring();
        }
    }

    private void run() {
        while (!closing) {
            try {
                standBy();
                serve();
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "a message could not be brought", e);
            }
        }
    }

    /// Stays away until nobody looks.
    private void standBy() {
        long seen = office.looks();
        long awayNs = AWAY_NS;
        while (!closing) {
            LockSupport.parkNanos(awayNs);
            long now = office.looks();
            office.checkInline();
            if (now == seen && !office.bell().hasWaiters()) {
                return;
            }
            seen = now;
            awayNs = Math.min(LONG_AWAY_NS, 2 * awayNs);
        }
    }

    private void serve() {
        onDuty.set(true);
        while (onDuty.get() && !closing) {
            if (office.channels().read() > 0) {
                linger();
            } else if (office.channels().hasWork()) {
                LockSupport.parkNanos(AWAY_NS); // another thread is about it, or there is no room for it
            } else {
                office.bell().sleep(this, SLEEP_NS);
            }
        }
        onDuty.set(false);
    }

    @SuppressWarnings("ThreadPriorityCheck") // to those whom it has brought something
    private void linger() {
        long begin = System.nanoTime();
        int quick = 0;
        while (onDuty.get() && System.nanoTime() - begin < LINGER_NS) {
            if (office.channels().hasWork() && office.channels().read() > 0) {
                begin = System.nanoTime();
                quick = waiter.isCrowded() ? 0 : QUICK_LOOKS;
            } else if (quick > 0) {
                quick--;
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
    }

    @Override
    public boolean isReady() {
        return closing || !onDuty.get() || office.channels().hasWork();
    }

    @Override
    public void park(long timeoutNs) {
        office.bell().sleep(this, timeoutNs);
    }

    @Override
    public void checkPeers() {
        // It waits for nobody.
    }

    @Override
    public String describe() {
        return thread.getName() + " waits for messages";
    }

    /// Ends the thread.
    void close() {
        closing = true;
        office.bell().ring();
        LockSupport.unpark(thread);
        boolean interrupted = false;
        while (thread.isAlive() && thread != Thread.currentThread()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
