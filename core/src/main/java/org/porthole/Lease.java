package org.porthole;

import java.time.Duration;

/// An exposure for a certain time: the ranks that it names may reach this rank's part until its end, which comes by time, or earlier if the owner closes
/// it. The owner takes no part meanwhile.
///
/// The end is reported only when no operation of a peer can change or read the part any more: those that are under way complete or fail first. That takes
/// at most `porthole.lease.bound` and the time to copy the part, even if an origin is stopped or dead: memory that a stopped one may still write
/// to is left to it, and the owner goes on with a copy; see semantics.md for what each transport enforces.
///
/// The owner's monotonic clock decides. After the end the part is in the owner's hands: [Window#local()] gives it, and locks of peers wait until
/// [Window#expose()] or an epoch of the owner.
///
/// **Threads.** Any.
public sealed interface Lease extends AutoCloseable
        permits org.porthole.internal.window.LeasedExposure, org.porthole.internal.check.CheckedLease {
    /// Whether the end has not been reported yet.
    ///
    /// @return false once nothing of the part changes any more
    boolean isOpen();

    /// How long the lease still lasts, if nobody renews or closes it.
    ///
    /// @return zero once its time is over; a very long time if it ends only when it is closed
    Duration remaining();

    /// Lets the lease last for another time from now on, longer or shorter than it would have.
    ///
    /// @param duration how long, positive
    /// @throws IllegalArgumentException if it is not positive
    /// @throws ExposureExpiredException if its time is over, or it was closed; nothing has changed
    void renew(Duration duration);

    /// Waits until the end has been reported.
    ///
    /// @throws JobTimeoutException if it was not within `porthole.wait.deadline`
    void awaitEnd();

    /// Ends the lease now, and returns when the end is reported. Closing a closed lease does nothing.
    ///
    /// @throws TransportException if memory for a copy was needed and could not be had; the part stays exposed
    @Override
    void close();
}
