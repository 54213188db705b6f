package org.porthole.spi;

/// The runtime's way to wait, lent to transports: it has the job's deadline, its reports, and an eye on peers that are gone.
///
/// **Threads.** Any.
@FunctionalInterface
public interface Waiting {
    /// Returns when `awaited` is ready.
    ///
    /// @param awaited what to wait for
    /// @throws org.porthole.PeerFailedException           if it can never be
    /// @throws org.porthole.JobTimeoutException           if it is not within `porthole.wait.deadline`
    /// @throws java.util.concurrent.CancellationException if the thread is interrupted; the flag stays set
    void await(Awaited awaited);
}
