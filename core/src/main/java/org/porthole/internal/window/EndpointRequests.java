package org.porthole.internal.window;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.LockSupport;
import org.porthole.Request;
import org.porthole.internal.collective.TeamContext;
import org.porthole.internal.progress.PendingRequest;
import org.porthole.spi.Endpoint;

/// The requests of one window that transports complete; finished ones serve again.
///
/// **Threads.** Any.
final class EndpointRequests {
    private static final long SLICE_NS = 20_000;

    private final TeamContext context;
    private final String windowName;
    private final Deque<Pending> free = new ArrayDeque<>();

    EndpointRequests(TeamContext context, String windowName) {
        this.context = context;
        this.windowName = windowName;
    }

    /// A request for what an endpoint has been given so far.
    Request take(int target, Endpoint endpoint, boolean local) {
        Pending request;
        synchronized (free) {
            request = free.isEmpty() ? new Pending() : free.pop();
        }
        request.target = target;
        request.endpoint = endpoint;
        request.local = local;
        request.ticket = endpoint.started();
        return request;
    }

    private final class Pending extends PendingRequest {
        private int target;
        private Endpoint endpoint;
        private boolean local;
        private long ticket;

        Pending() {
            super(context.waiter());
        }

        @Override
        protected void finish() {
            endpoint = null;
            synchronized (free) {
                free.push(this);
            }
        }

        @Override
        public boolean isReady() {
            if (endpoint == null) {
                throw new IllegalStateException("the request is over: it was found complete before");
            }
            return local ? endpoint.isLocallyComplete(ticket) : endpoint.isComplete(ticket);
        }

        @Override
        public void park(long timeoutNs) {
            LockSupport.parkNanos(Math.min(SLICE_NS, timeoutNs));
        }

        @Override
        public void checkPeers() {
            if (context.membership().isGone(target)) {
                throw context.membership().failure(target, describe());
            }
        }

        @Override
        public String describe() {
            return "rank " + context.rank() + " waits for operations on rank " + target + "'s part of window \""
                    + windowName + '"';
        }
    }
}
