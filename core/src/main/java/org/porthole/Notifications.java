package org.porthole;

/// This rank's counters of a window, which peers raise with [Access#putNotify(int, long, java.lang.foreign.MemorySegment, int)] once their bytes
/// are here, and which this rank waits on.
///
/// Counters are numbered from 0, start at 0, and belong to the rank, not to an epoch. Whoever sees a counter raised may read what was put
/// before it.
///
/// **Threads.** Any.  **Cost.** No allocation.
///
/// **Source.** GASPI 17.1, 8.3 (weak synchronisation primitives); OpenSHMEM 1.5, 9.8.
public sealed interface Notifications
        permits org.porthole.internal.window.WindowNotifications, org.porthole.internal.check.CheckedNotifications {
    /// How many counters each rank has.
    ///
    /// @return the number from the [WindowSpec]
    int count();

    /// Looks at a counter.
    ///
    /// @param id its number
    /// @return its value
    /// @throws IndexOutOfBoundsException if there is no such counter
    long get(int id);

    /// Sets a counter to 0.
    ///
    /// @param id its number
    /// @return what it was
    /// @throws IndexOutOfBoundsException if there is no such counter
    long reset(int id);

    /// Waits until a counter is at least `value`.
    ///
    /// @param id    its number
    /// @param value what to wait for
    /// @return the counter, at least `value`
    /// @throws IndexOutOfBoundsException if there is no such counter
    /// @throws PeerFailedException       if every other rank of the team is gone
    /// @throws JobTimeoutException       if it was not raised within `porthole.wait.deadline`
    long await(int id, long value);

    /// Waits until a counter is at least `value`, for a rank that is known to raise it.
    ///
    /// @param id    its number
    /// @param value what to wait for
    /// @param from  the rank
    /// @return the counter, at least `value`
    /// @throws IndexOutOfBoundsException if there is no such counter or rank
    /// @throws PeerFailedException       if that rank is gone
    /// @throws JobTimeoutException       if it was not raised within `porthole.wait.deadline`
    long await(int id, long value, int from);

    /// Looks whether any of several counters is not 0.
    ///
    /// @param first the first one's number
    /// @param count how many, at least 1
    /// @return the number of one that is not 0; -1 if all are
    /// @throws IndexOutOfBoundsException if there are no such counters
    int testAny(int first, int count);

    /// Waits until any of several counters is not 0.
    ///
    /// @param first the first one's number
    /// @param count how many, at least 1
    /// @return the number of one that is not 0
    /// @throws IndexOutOfBoundsException if there are no such counters
    /// @throws PeerFailedException       if every other rank of the team is gone
    /// @throws JobTimeoutException       if none was raised within `porthole.wait.deadline`
    int awaitAny(int first, int count);
}
