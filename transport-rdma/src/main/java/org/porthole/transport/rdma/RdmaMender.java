package org.porthole.transport.rdma;

import java.io.IOException;
import java.net.ConnectException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.porthole.transport.rdma.RdmaDialer.Agreed;

/// Finds another queue pair for a connection whose own is in error, and lets it go on where it was. The peer that is not found in time, or has ended,
/// has failed.
///
/// **Threads.** One of its own for each time: finding a peer may take long, and agents must not wait.
final class RdmaMender implements Runnable {
    private static final System.Logger LOG = System.getLogger(RdmaMender.class.getName());
    private static final long ATTEMPT_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long SOON_NS = 50_000;

    private final RdmaTransport transport;
    private final RdmaDialer dialer;
    private final RdmaEndpoint endpoint;
    private final RdmaOrigin origin;
    private final long deadlineNs;

    RdmaMender(RdmaTransport transport, RdmaDialer dialer, RdmaEndpoint endpoint, RdmaOrigin origin, long deadlineNs) {
        this.transport = transport;
        this.dialer = dialer;
        this.endpoint = endpoint;
        this.origin = origin;
        this.deadlineNs = deadlineNs;
    }

    @Override
    public void run() {
        long answers = origin.retire();
        while (isWanted()) {
            try {
                requireTime();
                long leftNs = Math.max(ATTEMPT_NS, deadlineNs - spentNs());
                goOn(dialer.agree(origin.buffer, endpoint.address(), origin.session(), answers, ATTEMPT_NS, leftNs));
                return;
            } catch (IOException e) {
                if (e instanceof ConnectException || !hasTime()) {
                    origin.end(origin.cutCause() + "; and it is not found again: " + e.getMessage());
                    return;
                }
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    private long spentNs() {
        return System.nanoTime() - origin.cutSinceNs();
    }

    private boolean hasTime() {
        return spentNs() <= deadlineNs;
    }

    /// A peer whose process answers while nothing gets through between the adapters is not looked for for ever.
    private void requireTime() throws IOException {
        if (!hasTime()) {
            throw new IOException("its process answers, but for " + TimeUnit.NANOSECONDS.toMillis(deadlineNs)
                    + " ms nothing has got through between the adapters");
        }
    }

    private boolean isWanted() {
        return origin.isOpen() && !transport.isClosed();
    }

    /// Lets the next who posts, or waits, take the new queue pair; takes it itself if nobody does.
    private void goOn(Agreed agreed) throws IOException {
        endpoint.setResumption(() -> {
            if (isWanted()) {
                boolean isRefusal = origin.isRefused();
                origin.alone(() -> origin.resume(agreed.queue(), agreed.socket(), agreed.carriedOut()));
                transport.control().watch(origin);
                transport.wakeAgent();
                LOG.log(
                        isRefusal ? System.Logger.Level.DEBUG : System.Logger.Level.INFO,
                        "rdma: rank {0} goes on with another queue pair to rank {1}; before, {2}",
                        transport.rank(),
                        origin.peer,
                        origin.cutCause());
            } else {
                agreed.leave();
            }
        });
        while (!endpoint.resume()) {
            LockSupport.parkNanos(SOON_NS);
        }
    }
}
