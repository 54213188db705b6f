package org.porthole.internal.check;

import java.time.Duration;
import org.porthole.Lease;

/// A lease of this rank's part. What was done by it comes after its beginning, and before whatever its owner does after the end.
public final class CheckedLease implements Lease {
    private final CheckedWindow window;
    private final Lease inner;
    private final int[] holders;
    /// The owner's own time at its beginning.
    final long begin;
    /// The owner's own time when it was seen to be over.
    private long end = Clock.NEVER;

    /// Under the check's monitor, as all but the lease's own methods.
    CheckedLease(CheckedWindow window, Lease inner, long begin, int... holders) {
        this.window = window;
        this.inner = inner;
        this.begin = begin;
        this.holders = holders;
    }

    boolean isFor(int rank) {
        for (int holder : holders) {
            if (holder == rank) {
                return true;
            }
        }
        return false;
    }

    long end() {
        return end;
    }

    /// Takes the end down, if it is there.
    void look() {
        if (end == Clock.NEVER && !inner.isOpen()) {
            end = window.check().clock.tick();
        }
    }

    private void ended() {
        synchronized (window.check()) {
            look();
        }
    }

    @Override
    public boolean isOpen() {
        boolean open = inner.isOpen();
        if (!open) {
            ended();
        }
        return open;
    }

    @Override
    public Duration remaining() {
        return inner.remaining();
    }

    @Override
    public void renew(Duration duration) {
        inner.renew(duration);
    }

    @Override
    public void awaitEnd() {
        inner.awaitEnd();
        ended();
    }

    @Override
    public void close() {
        inner.close();
        ended();
    }
}
