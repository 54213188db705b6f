package org.porthole.internal.port;

import org.porthole.spi.Awaited;

/// A wait that ends by itself after some time.
final class TimedWait implements Awaited {
    /// Looks between two readings of the clock.
    private static final int LOOKS = 16;

    private final Awaited awaited;
    private final long beginNs = System.nanoTime();
    private final long limitNs;
    private int looks;
    private boolean late;

    TimedWait(Awaited awaited, long limitNs) {
        this.awaited = awaited;
        this.limitNs = limitNs;
    }

    boolean isLate() {
        return late;
    }

    private long leftNs() {
        return limitNs - (System.nanoTime() - beginNs);
    }

    @Override
    public boolean isReady() {
        if (awaited.isReady()) {
            late = false;
            return true;
        }
        if (++looks % LOOKS == 0) {
            late = leftNs() <= 0;
        }
        return late;
    }

    @Override
    public boolean parksVirtually() {
        return awaited.parksVirtually();
    }

    @Override
    public void park(long timeoutNs) {
        long left = leftNs();
        if (left > 0) {
            awaited.park(Math.min(left, timeoutNs));
        }
        looks = LOOKS - 1;
    }

    @Override
    public void checkPeers() {
        awaited.checkPeers();
    }

    @Override
    public String describe() {
        return awaited.describe();
    }
}
