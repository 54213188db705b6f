package org.porthole.internal.progress;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntConsumer;
import org.porthole.PeerFailedException;
import org.porthole.spi.FailureListener;

/// Which ranks of the job are gone, and how that was noticed.
///
/// **Threads.** Any.
public final class Membership implements FailureListener {
    private final AtomicReferenceArray<String> causes;
    private final List<IntConsumer> listeners = new CopyOnWriteArrayList<>();

    /// All ranks are there.
    ///
    /// @param size how many ranks the job has
    public Membership(int size) {
        causes = new AtomicReferenceArray<>(size);
    }

    @Override
    public void peerGone(int rank, String cause) {
        if (causes.compareAndSet(rank, null, cause)) {
            listeners.forEach(listener -> listener.accept(rank));
        }
    }

    /// Whether a rank is gone.
    ///
    /// @param rank the rank
    /// @return true if it is known to be
    public boolean isGone(int rank) {
        return causes.get(rank) != null;
    }

    /// The exception for an operation that needs a rank which is gone.
    ///
    /// @param rank the rank
    /// @param what what was being done: `rank 0 waits in ...`
    /// @return the exception, to be thrown
    public PeerFailedException failure(int rank, String what) {
        return new PeerFailedException(rank, "rank " + rank + " failed: " + causes.get(rank) + "; " + what);
    }

    /// Tells `listener` of every rank that goes from now on, and at once of those that are gone.
    ///
    /// @param listener given the rank; by any thread
    public void listen(IntConsumer listener) {
        listeners.add(listener);
        for (int rank = 0; rank < causes.length(); rank++) {
            if (isGone(rank)) {
                listener.accept(rank);
            }
        }
    }

    /// Stops telling.
    ///
    /// @param listener what was given to [#listen(IntConsumer)]
    public void forget(IntConsumer listener) {
        listeners.remove(listener);
    }
}
