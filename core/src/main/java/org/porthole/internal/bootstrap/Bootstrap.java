package org.porthole.internal.bootstrap;

import java.util.List;

/// How the ranks of a job find each other, before any transport is open. One class per way.
///
/// **Threads.** One.
public interface Bootstrap extends AutoCloseable {
    /// Which way this is, for diagnostics.
    ///
    /// @return a few words
    String method();

    /// This process's rank.
    ///
    /// @return `0 <= rank < size`
    int rank();

    /// How many ranks the job has.
    ///
    /// @return at least 1
    int size();

    /// Whether all ranks are known to run on one host, so that networks need not be looked at.
    ///
    /// @return false if they may be anywhere
    boolean isOneHost();

    /// The job's secret, known to its ranks alone.
    ///
    /// @return the secret; empty if the job needs none, or the settings' own is used
    String secret();

    /// Collective. Gives every rank what each has brought.
    ///
    /// @param mine at most 64 KiB
    /// @return one element per rank
    /// @throws org.porthole.JoinException if a rank is missing at the deadline, or the ranks disagree
    List<byte[]> exchange(byte[] mine);

    /// This rank has joined and exchanges no more: from now on it can be told that another ends the job.
    ///
    /// @param listener is told, on a thread of the bootstrap's own
    void joined(AbortListener listener);

    /// Tells all other ranks that this one ends the job, as far as they can be reached. Returns when they have been told, or after a while.
    ///
    /// @param exitCode the exit code of all
    void abort(int exitCode);

    /// Is told that the job has to end.
    @FunctionalInterface
    interface AbortListener {
        /// A rank ends the job.
        ///
        /// @param rank     which
        /// @param exitCode the exit code of all
        void aborted(int rank, int exitCode);
    }

    /// Collective, where ranks share an address space: returns when every rank has called it or is gone, so that memory can be freed which
    /// another rank may still be looking at. Does nothing elsewhere.
    void awaitAllLeft();

    /// Leaves the others, who may go on.
    @Override
    void close();
}
