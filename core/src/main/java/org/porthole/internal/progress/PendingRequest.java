package org.porthole.internal.progress;

import java.util.concurrent.locks.LockSupport;
import org.porthole.Request;
import org.porthole.spi.Awaited;

/// A request that is waited for as everything else is.
public abstract class PendingRequest implements Request, Awaited {
    /// Longest sleep between two looks at several requests, which no single word can wake.
    private static final long SLICE_NS = 50_000;

    private final Waiter waiter;

    /// A request of a job.
    ///
    /// @param waiter how the job waits
    protected PendingRequest(Waiter waiter) {
        this.waiter = waiter;
    }

    /// The operations are complete, and nobody will ask again.
    protected abstract void finish();

    @Override
    public final boolean test() {
        if (!isReady()) {
            boolean ignored = waiter.poll();
            if (!isReady()) {
                checkPeers();
                return false;
            }
        }
        finish();
        return true;
    }

    @Override
    public final void await() {
        waiter.await(this);
        finish();
    }

    /// See [Request#awaitAny(Request...)].
    ///
    /// @param requests the requests
    /// @return the index of one that is complete
    public static int awaitAny(Request... requests) {
        Any any = new Any(requests);
        PendingRequest pending = null;
        for (Request request : requests) {
            if (request instanceof PendingRequest first) {
                pending = first;
            } else if (request != null) {
                any.isReady();
                return any.index;
            }
        }
        if (pending == null) {
            throw new IllegalArgumentException("there is no request to wait for");
        }
        pending.waiter.await(any);
        return any.index;
    }

    private static final class Any implements Awaited {
        private final Request[] requests;
        private int index = -1;

        Any(Request... requests) {
            this.requests = requests;
        }

        @Override
        public boolean isReady() {
            for (int i = 0; i < requests.length; i++) {
                if (requests[i] != null && requests[i].test()) {
                    index = i;
                    return true;
                }
            }
            return false;
        }

        @Override
        public void park(long timeoutNs) {
            LockSupport.parkNanos(Math.min(SLICE_NS, timeoutNs));
        }

        @Override
        public void checkPeers() {
            for (Request request : requests) {
                if (request instanceof PendingRequest pending) {
                    pending.checkPeers();
                }
            }
        }

        @Override
        public String describe() {
            StringBuilder text = new StringBuilder();
            for (Request request : requests) {
                if (request instanceof PendingRequest pending) {
                    text.append(text.isEmpty() ? "" : ", or ").append(pending.describe());
                }
            }
            return text.toString();
        }
    }
}
