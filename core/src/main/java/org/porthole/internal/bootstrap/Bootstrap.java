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

    /// Collective. Gives every rank what each has brought.
    ///
    /// @param mine at most 64 KiB
    /// @return one element per rank
    /// @throws org.porthole.JoinException if a rank is missing at the deadline, or the ranks disagree
    List<byte[]> exchange(byte[] mine);

    /// Collective, where ranks share an address space: returns when every rank has called it or is gone, so that memory can be freed which
    /// another rank may still be looking at. Does nothing elsewhere.
    void awaitAllLeft();

    /// Ends the exchange.
    @Override
    void close();
}
