package org.porthole.internal.progress;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.porthole.PeerFailedException;
import org.porthole.spi.FailureListener;

/// Which ranks of the job, or of a team, are gone, and how that was noticed.
///
/// **Threads.** Any.
public final class Membership implements FailureListener {
    /// Each rank's number in the job.
    private final int[] jobRanks;

    /// By the job's ranks; of the job and of all its parts.
    private final AtomicReferenceArray<String> causes;

    private final List<Listening> listeners;

    /// Who is told, and in which numbers.
    private record Listening(Membership of, IntConsumer listener) {
        void gone(int jobRank) {
            for (int rank = 0; rank < of.jobRanks.length; rank++) {
                if (of.jobRanks[rank] == jobRank) {
                    listener.accept(rank);
                }
            }
        }
    }

    /// All ranks are there.
    ///
    /// @param size how many ranks the job has
    public Membership(int size) {
        this(IntStream.range(0, size).toArray(), new AtomicReferenceArray<>(size), new CopyOnWriteArrayList<>());
    }

    private Membership(int[] jobRanks, AtomicReferenceArray<String> causes, List<Listening> listeners) {
        this.jobRanks = jobRanks;
        this.causes = causes;
        this.listeners = listeners;
    }

    /// The same seen by some of the ranks, in numbers of their own.
    ///
    /// @param ranks the job's number of each
    /// @return a view
    public Membership of(int... ranks) {
        return new Membership(ranks.clone(), causes, listeners);
    }

    @Override
    public void peerGone(int rank, String cause) {
        int jobRank = jobRanks[rank];
        if (causes.compareAndSet(jobRank, null, cause)) {
            // The youngest first: windows only take note, ports, which are as old as the job, have much to do.
            listeners.reversed().forEach(each -> each.gone(jobRank));
        }
    }

    /// Whether a rank is gone.
    ///
    /// @param rank the rank
    /// @return true if it is known to be
    public boolean isGone(int rank) {
        return causes.get(jobRanks[rank]) != null;
    }

    /// The exception for an operation that needs a rank which is gone.
    ///
    /// @param rank the rank
    /// @param what what was being done: `rank 0 waits in ...`
    /// @return the exception, to be thrown; it names the rank by its number in the job
    public PeerFailedException failure(int rank, String what) {
        int jobRank = jobRanks[rank];
        return new PeerFailedException(jobRank, "rank " + jobRank + " failed: " + causes.get(jobRank) + "; " + what);
    }

    /// Tells `listener` of every rank that goes from now on, and at once of those that are gone.
    ///
    /// @param listener given the rank; by any thread
    public void listen(IntConsumer listener) {
        listeners.add(new Listening(this, listener));
        for (int rank = 0; rank < jobRanks.length; rank++) {
            if (isGone(rank)) {
                listener.accept(rank);
            }
        }
    }

    /// Stops telling.
    ///
    /// @param listener what was given to [#listen(IntConsumer)]
    public void forget(IntConsumer listener) {
        listeners.remove(new Listening(this, listener));
    }
}
