package org.porthole;

import java.util.Set;

/// A right to a range of one rank's part of a window, which travels in messages: whoever holds it may reach that range, also a rank that took no part in
/// opening the window and is not in its team.
///
/// The owner makes it by [Window#grant(Set, long, long)] and sends it with [org.porthole.port.Message#add(WindowRight)]; a rank that has received one may send
/// it on. It ends by time, when the owner closes its [#lease()], or with the window; a copy of it is worth as much as the first, and they end together.
///
/// **Threads.** Any.
public sealed interface WindowRight permits org.porthole.internal.window.BearerRight {
    /// Whose memory it is.
    ///
    /// @return the owner's number in the job
    int rank();

    /// How large the range is.
    ///
    /// @return bytes
    long length();

    /// What may be done there.
    ///
    /// @return at least one right
    Set<Right> rights();

    /// The owner's hold on it: how long it lasts, and its end.
    ///
    /// @return the lease, to be closed unless it ends before
    /// @throws IllegalStateException if this is not what [Window#grant(Set, long, long)] returned
    Lease lease();

    /// Begins an access by this right. Waits for nobody.
    ///
    /// **Threads.** The access belongs to the thread that calls this; others may open their own.
    ///
    /// @return the access, to be closed
    /// @throws ExposureExpiredException if the right has ended
    /// @throws IllegalStateException    if this rank is the owner, or too many accesses are open
    /// @throws PeerFailedException      if the owner has died
    RightAccess access();
}
