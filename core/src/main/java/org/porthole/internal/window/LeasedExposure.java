package org.porthole.internal.window;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.porthole.Lease;
import org.porthole.spi.Awaited;

/// One lease, as its owner holds it. What it is made of is guarded by the monitor of the [Leases] that it is one of.
public final class LeasedExposure implements Lease, Awaited {
    /// A lease that does not end by time.
    static final long FOREVER_NS = Long.MAX_VALUE;

    private final Leases leases;
    private final long id;
    /// The lines that name it.
    final int[] lines;
    /// What is there for transports that cannot map.
    final PermitKeys keys;
    private volatile long beginNs;
    private volatile long lengthNs;
    private volatile boolean ended;

    LeasedExposure(Leases leases, long id, int[] lines, PermitKeys keys, long beginNs, long lengthNs) {
        this.leases = leases;
        this.id = id;
        this.lines = lines;
        this.keys = keys;
        this.beginNs = beginNs;
        this.lengthNs = lengthNs;
    }

    static long nanos(Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("a lease of " + duration + ": it must be positive");
        }
        try {
            return duration.toNanos();
        } catch (ArithmeticException e) {
            return FOREVER_NS;
        }
    }

    long id() {
        return id;
    }

    /// How long it still lasts at a time; not positive once it is over.
    long leftNs(long nowNs) {
        return lengthNs == FOREVER_NS ? FOREVER_NS : lengthNs - (nowNs - beginNs);
    }

    void last(long nowNs, long forNs) {
        beginNs = nowNs;
        lengthNs = forNs;
    }

    /// Nothing changes any more.
    synchronized void end() {
        ended = true;
        notifyAll();
    }

    @Override
    public boolean isOpen() {
        return !ended;
    }

    @Override
    public Duration remaining() {
        return ended ? Duration.ZERO : Duration.ofNanos(Math.max(0, leftNs(leases.nowNs())));
    }

    @Override
    public void renew(Duration duration) {
        leases.renew(this, nanos(duration));
    }

    @Override
    public void awaitEnd() {
        leases.await(this);
    }

    @Override
    public void close() {
        leases.end(this, LeaseEnd.REVOKED);
    }

    @Override
    public boolean isReady() {
        return ended;
    }

    @Override
    @SuppressWarnings("WaitNotInLoop") // the waiter looks again
    public synchronized void park(long timeoutNs) {
        if (!ended) {
            try {
                TimeUnit.NANOSECONDS.timedWait(this, timeoutNs);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public void checkPeers() {}

    @Override
    public String describe() {
        return "waits for the end of the " + leases.describe();
    }
}
