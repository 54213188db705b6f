package org.porthole;

/// The target's side of a group epoch: the ranks that it was posted to may reach this rank's part until each has completed its access.
///
/// **Threads.** One at a time.
///
/// **Source.** MPI-4.1, 12.5.2 (`MPI_Win_post`, `MPI_Win_wait`, `MPI_Win_test`).
public sealed interface Exposure extends AutoCloseable
        permits org.porthole.internal.window.GroupExposure, org.porthole.internal.check.CheckedExposure {
    /// Ends the exposure if every rank that it was posted to has completed.
    ///
    /// @return true if it is over: then their operations are complete here, and [Window#local()] works again
    /// @throws PeerFailedException if one of them has died before it completed, and all others have; the exposure is over
    boolean test();

    /// Whether the exposure is still open.
    ///
    /// @return false once [#test()] was true or [#close()] has returned
    boolean isOpen();

    /// Waits until every rank that it was posted to has completed, and ends the exposure. Closing a closed exposure does nothing.
    ///
    /// @throws PeerFailedException if one of them has died before it completed, and all others have; the exposure is over
    /// @throws JobTimeoutException if one did not complete within `porthole.wait.deadline`
    @Override
    void close();
}
