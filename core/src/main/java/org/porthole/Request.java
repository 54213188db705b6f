package org.porthole;

import org.porthole.internal.progress.PendingRequest;

/// Operations that were started and may not be complete.
///
/// Once [#test()] has returned true, or [#await()] has returned, the object is the runtime's again and must not be used: it may serve another
/// request.
///
/// **Threads.** One at a time.  **Cost.** No allocation once warm.
///
/// **Source.** MPI-4.1, 3.7 and 12.3.5.
public interface Request {
    /// Looks whether the operations are complete, and does what can be done for it without waiting.
    ///
    /// @return true if they are; the request is then over
    /// @throws PeerFailedException if they can never be
    boolean test();

    /// Waits until the operations are complete.
    ///
    /// @throws PeerFailedException if they can never be
    /// @throws JobTimeoutException if they are not within `porthole.wait.deadline`
    void await();

    /// Waits until one of several requests is complete.
    ///
    /// @param requests the requests, at least one; null entries are passed over, so that one array serves a loop
    /// @return the index of one that is complete, and over
    /// @throws IllegalArgumentException if there is none
    /// @throws PeerFailedException      if one of them can never be
    /// @throws JobTimeoutException      if none is within `porthole.wait.deadline`
    static int awaitAny(Request... requests) {
        return PendingRequest.awaitAny(requests);
    }

    /// Waits until all of several requests are complete.
    ///
    /// @param requests the requests; null entries are passed over
    /// @throws PeerFailedException if one of them can never be
    /// @throws JobTimeoutException if one is not within `porthole.wait.deadline`
    static void awaitAll(Request... requests) {
        for (Request request : requests) {
            if (request != null) {
                request.await();
            }
        }
    }
}
