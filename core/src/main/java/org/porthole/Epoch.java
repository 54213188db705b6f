package org.porthole;

/// An epoch in which ranks both expose their memory and reach into that of the others: all ranks of the team ([Window#fence()]), or neighbours
/// ([Window#exchange(int...)]). "Collective" means all of these ranks.
///
/// **Source.** MPI-4.1, 12.5.1 and 12.5.2.
public sealed interface Epoch extends Access
        permits org.porthole.internal.window.FenceEpoch,
                org.porthole.internal.window.GroupEpoch,
                org.porthole.internal.check.CheckedEpoch {

    /// Collective. Ends this epoch and begins the next with one synchronisation: all operations of all ranks so far are complete,
    /// and those that follow see their results. The windows stay exposed in between.
    ///
    /// **Completion.** As [#close()].  **Threads.** One at a time.  **Cost.** Half of `close()` and [Window#fence()].
    ///
    /// @return this object, for the new epoch
    /// @throws IllegalStateException       if this epoch is closed
    /// @throws CollectiveMismatchException if another rank called something else
    /// @throws PeerFailedException         if a rank of the team has died; of a fence the window stays exposed, an exchange is over
    /// @throws JobTimeoutException         if a rank did not come within `porthole.wait.deadline`
    Epoch next();

    /// Collective. Ends the epoch on all ranks: when it returns, every operation of every rank on this rank's window is complete and
    /// visible, and the memory is this rank's again ([Window#local()]). Closing a closed epoch does nothing.
    ///
    /// @throws CollectiveMismatchException if another rank called something else; the window stays exposed
    /// @throws PeerFailedException         if a rank of the team has died; of a fence the window stays exposed, an exchange is over
    /// @throws JobTimeoutException         if a rank did not come within `porthole.wait.deadline`
    @Override
    void close();
}
