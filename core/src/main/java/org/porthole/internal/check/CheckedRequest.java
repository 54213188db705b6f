package org.porthole.internal.check;

import java.util.concurrent.locks.LockSupport;
import org.porthole.Request;
import org.porthole.internal.progress.PendingRequest;
import org.porthole.internal.progress.Waiter;

/// A request that takes down its completion.
final class CheckedRequest extends PendingRequest {
    private static final long SLICE_NS = 20_000;

    private final Request inner;
    private final Runnable onComplete;
    private boolean ready;
    private boolean over;

    CheckedRequest(Waiter waiter, Request inner, Runnable onComplete) {
        super(waiter);
        this.inner = inner;
        this.onComplete = onComplete;
    }

    @Override
    protected void finish() {
        over = true;
        onComplete.run();
    }

    @Override
    public boolean isReady() {
        if (over) {
            throw new IllegalStateException("the request is over: it was found complete before");
        }
        if (!ready) {
            ready = inner.test();
        }
        return ready;
    }

    @Override
    public void park(long timeoutNs) {
        if (inner instanceof PendingRequest pending) {
            pending.park(timeoutNs);
        } else {
            LockSupport.parkNanos(Math.min(SLICE_NS, timeoutNs));
        }
    }

    @Override
    public void checkPeers() {
        if (inner instanceof PendingRequest pending) {
            pending.checkPeers();
        }
    }

    @Override
    public String describe() {
        return inner instanceof PendingRequest pending ? pending.describe() : "a request that is complete";
    }
}
