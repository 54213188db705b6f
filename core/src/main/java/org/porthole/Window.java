package org.porthole;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;

/// Memory of every rank of a team, which the others reach with put, get and atomics during epochs.
///
/// A rank's own part is, at any moment, either in the rank's hands or open to the team:
/// * **In its hands**: [#local()] gives a plain memory segment. No peer reaches the memory: fences have not begun, and locks that
///   peers ask for wait.
/// * **Open**: between the beginning and the end of this rank's epochs, and after [#expose()]. Every view that `local()` gave is
///   dead then: touching it throws `IllegalStateException: Already closed`, by the Java VM itself. The owner reaches its own part
///   like anybody's, as target [Team#rank()].
///
/// A new window is open, zeroed, and has no view.
///
/// Epochs of one window do not mix: while this rank is in a fence epoch it can take no lock, and the other way round.
/// All methods throw [IllegalStateException] once the window is closed.
///
/// **Threads.** Collective methods by one thread of the rank at a time; the local view belongs to the thread that took it, and only
/// that thread can begin an epoch while the view lives.
///
/// **Source.** MPI-4.1, 12.2 to 12.5.
public sealed interface Window extends AutoCloseable
        permits org.porthole.internal.window.OpenWindow, org.porthole.internal.check.CheckedWindow {

    /// What diagnostics call this window.
    ///
    /// @return the name from the [WindowSpec], or `window-` and a number
    String name();

    /// The team that opened it.
    ///
    /// @return the team
    Team team();

    /// The size of one rank's part.
    ///
    /// @param rank a rank of the team
    /// @return bytes, `>= 0`
    /// @throws IndexOutOfBoundsException if there is no such rank
    long length(int rank);

    /// Takes this rank's own part into its hands: a plain view of all of it.
    ///
    /// The view is confined to the calling thread. It ends when an epoch of this rank begins on this window, at [#expose()], and when
    /// the window closes; a later call gives a new one. While it lives, it excludes passive-target peers as an exclusive lock would,
    /// so that a rank which only serves as a target must call `expose()` when it is done. If peers hold locks on this part, the call waits.
    /// Calling it again while the view lives returns the same view.
    ///
    /// **Cost.** About 0.05 us when nothing is waited for; one small object.
    ///
    /// Under the policy [ExposurePolicy#UNGUARDED] the view belongs to all threads, excludes nobody and stays valid until the window closes.
    /// Under [ExposurePolicy#NEVER_TOUCH] there is none. Under [ExposurePolicy#STAGED] it is one of the memory that no peer reaches: it can be had at any
    /// time, excludes nobody, and stays valid until [#stage()].
    ///
    /// @return [#length(int)] bytes of memory, page-aligned, valid as said
    /// @throws IllegalStateException if this rank is in an epoch of this window, or the policy is [ExposurePolicy#NEVER_TOUCH]
    /// @throws PeerFailedException   if a rank that holds a lock on this part has died
    /// @throws WrongThreadException  if another thread holds the view
    MemorySegment local();

    /// As [#local()] does, gives a view of this rank's own part, but one for all threads. Any thread can end it.
    ///
    /// **Cost.** Ending such a view takes a handshake with every thread of the Java VM: 77 us when they are idle, 12 ms were seen with seven that ran on two
    /// cores; a copy that one of them is in the middle of delays it, and then ends with "Already closed". A view of [#local()] ends in 0.01 us.
    ///
    /// @return [#length(int)] bytes of memory, page-aligned, valid as said there
    /// @throws IllegalStateException as [#local()] does; or if a view of [#local()] lives
    /// @throws PeerFailedException   if a rank that holds a lock on this part has died
    MemorySegment localShared();

    /// Ends the local view, if there is one, and opens this rank's part to passive-target peers. Does nothing if it is open.
    ///
    /// @throws IllegalStateException if the view is in use by a system call
    /// @throws WrongThreadException  if another thread holds the view
    void expose();

    /// Under the policy [ExposurePolicy#STAGED]: exchanges this rank's local memory for its exposed one. What was written there is what peers
    /// reach from now on, all of it at once; what they have put is what [#local()] gives. No byte is copied.
    ///
    /// Ends the local view. Waits until no passive-target peer holds a lock on this rank's part; other epochs reach it only while this rank takes part.
    ///
    /// **Cost.** An uncontended lock on its own part and a word to each rank, whatever the size; over a network a round trip.
    ///
    /// @throws IllegalStateException if this rank is in an epoch of this window, or the policy is another
    /// @throws WrongThreadException  if another thread holds the local view
    /// @throws PeerFailedException   if a rank that holds a lock on this part has died
    default void stage() {
        stage(false);
    }

    /// As [#stage()] does, and if asked to, copies what is exposed from now on back into the local memory, which then goes on from it.
    ///
    /// @param copyBack whether to copy; costs what a copy of the whole part costs
    /// @throws IllegalStateException if this rank is in an epoch of this window, or the policy is another
    /// @throws WrongThreadException  if another thread holds the local view
    /// @throws PeerFailedException   if a rank that holds a lock on this part has died
    void stage(boolean copyBack);

    /// Collective. Begins a fence epoch: ends this rank's local view, waits until every rank of the team has done so, and from then
    /// on all ranks may reach each other's parts until the epoch is closed.
    ///
    /// @return the epoch, to be closed; the same object each time
    /// @throws IllegalStateException       if this rank is in an epoch of this window already
    /// @throws WrongThreadException        if another thread holds the local view
    /// @throws CollectiveMismatchException if another rank called something else
    /// @throws PeerFailedException         if a rank of the team has died
    /// @throws JobTimeoutException         if a rank did not come within `porthole.wait.deadline`
    Epoch fence();

    /// Exposes this rank's part to a group of ranks, until each of them has completed an access that it began with [#start(int...)]. Ends this
    /// rank's local view.
    ///
    /// Does not wait for the origins, but for ranks that hold a lock on this part, if there are any; locks that are asked for afterwards wait for the end
    /// of the exposure.
    ///
    /// The nth post of this rank that names an origin belongs to the nth start of that origin that names this rank.
    ///
    /// @param origins the ranks that may reach this rank's part, each once; may be none
    /// @return the exposure, to be closed; the same object each time
    /// @throws IndexOutOfBoundsException if there is no such rank
    /// @throws IllegalArgumentException  if a rank is named twice
    /// @throws IllegalStateException     if this rank is exposed already, or in an epoch of this window other than [#start(int...)]
    /// @throws WrongThreadException      if another thread holds the local view
    /// @throws PeerFailedException       if one of them is known to have died, or a rank that held a lock on this part
    /// @throws JobTimeoutException       if a lock on this part was not given back within `porthole.wait.deadline`
    ///
    /// **Source.** MPI-4.1, 12.5.2; in 12.5.3 it is an error to lock what is exposed to a group, or to expose what is locked.
    Exposure post(int... origins);

    /// Exposes this rank's part to a group of ranks, each with rights of its own, as [#post(int...)] does with all rights.
    ///
    /// What an origin is not granted throws [AccessRefusedException] there and touches nothing here. In a window that was opened
    /// [WindowSpec#withKeysPerExposure()] the target, too, refuses it.
    ///
    /// @param spec who may do what; a range beyond the part's end stops there
    /// @return the exposure, to be closed; the same object each time
    /// @throws IndexOutOfBoundsException if there is no such rank
    /// @throws IllegalStateException     as [#post(int...)] does
    /// @throws WrongThreadException      if another thread holds the local view
    Exposure post(ExposureSpec spec);

    /// Exposes this rank's part to some ranks for a time. Ends this rank's local view; waits for peers that hold a lock on the part, and then keeps locks
    /// of peers out, so that nobody but the named reaches it.
    ///
    /// Several leases may be open at once, for different ranks. While one is, this rank cannot take the part into its hands or begin an epoch that
    /// exposes it, nor stage it.
    ///
    /// @param spec     who may do what; a range beyond the part's end stops there
    /// @param duration how long, positive; one of more than 292 years ends when the lease is closed
    /// @return the lease, to be closed unless it ends before
    /// @throws IndexOutOfBoundsException if there is no such rank
    /// @throws IllegalArgumentException  if the duration is not positive
    /// @throws IllegalStateException     if this rank is in an epoch of this window, one of the named has a lease already, or the policy is
    ///                                   [ExposurePolicy#UNGUARDED]
    /// @throws WrongThreadException      if another thread holds the local view
    Lease expose(ExposureSpec spec, Duration duration);

    /// Begins an access to a rank's part by the lease that it has given to this rank. Waits for nobody.
    ///
    /// Every operation is checked: once the lease has ended it throws [ExposureExpiredException]. Over a network an operation that has only been
    /// started does so at the next flush. The access does not end with the lease, and a later lease needs a new one.
    ///
    /// **Threads.** The access belongs to the thread that calls this; others may open their own.
    /// **Cost.** Where the CPU reaches the owner's memory an operation takes some nanoseconds more than in other epochs.
    ///
    /// @param target the rank to reach, this rank included
    /// @return the access, to be closed
    /// @throws IndexOutOfBoundsException if there is no such rank
    /// @throws AccessRefusedException    if it has given no lease to this rank; [ExposureExpiredException] if that has ended
    /// @throws IllegalStateException     if this rank is in a fence or lock epoch of this window, or has too many accesses
    /// @throws PeerFailedException       if it has died
    Access access(int target);

    /// Makes a right to a range of this rank's part that travels in messages, to ranks of the job that need not be in this window's team.
    ///
    /// It is a lease whose holders are not named: for the owner it has the consequences of [#expose(ExposureSpec, Duration)], and ends as that does. Up to 32
    /// may be open at a time on one rank's part, also beside leases.
    ///
    /// @param rights   what may be done, at least one; [Right#ATOMIC] not in windows with bulk or adapters' atomics
    /// @param offset   the first byte that may be reached
    /// @param length   how many bytes may be
    /// @param duration how long, positive; one of more than 292 years ends when the lease is closed
    /// @return the right, whose [WindowRight#lease()] is to be closed unless it ends before
    /// @throws IndexOutOfBoundsException if the range leaves this rank's part
    /// @throws IllegalArgumentException  if there are no rights, or the duration is not positive
    /// @throws IllegalStateException     as leasing to named ranks does; if 32 are given already; or if the window's atomics cannot be given away
    /// @throws WrongThreadException      if another thread holds the local view
    WindowRight grant(Set<Right> rights, long offset, long length, Duration duration);

    /// The same without an end by time: the right lasts until its lease, or this window, is closed.
    ///
    /// @param rights what may be done, at least one
    /// @param offset the first byte that may be reached
    /// @param length how many bytes may be
    /// @return the right, whose [WindowRight#lease()] is to be closed
    /// @throws IndexOutOfBoundsException if the range leaves this rank's part
    /// @throws IllegalArgumentException  if there are no rights
    /// @throws IllegalStateException     as above
    /// @throws WrongThreadException      if another thread holds the local view
    default WindowRight grant(Set<Right> rights, long offset, long length) {
        return grant(rights, offset, length, ChronoUnit.FOREVER.getDuration());
    }

    /// Begins an access to a group of ranks: waits until each of them has posted its exposure to this rank.
    ///
    /// This rank's own part is not touched: a local view stays valid.
    ///
    /// @param targets the ranks to reach, each once; may be none
    /// @return the access, to be closed; the same object each time
    /// @throws IndexOutOfBoundsException if there is no such rank
    /// @throws IllegalArgumentException  if a rank is named twice
    /// @throws IllegalStateException     if this rank is in an access epoch of this window already
    /// @throws PeerFailedException       if one of them has died
    /// @throws JobTimeoutException       if one did not post within `porthole.wait.deadline`
    ///
    /// **Source.** MPI-4.1, 12.5.2.
    Access start(int... targets);

    /// Begins an epoch with neighbours who name each other: exposes this rank's part to them and waits until they have exposed theirs. Post and
    /// start as one, and at its end complete and wait as one.
    ///
    /// @param neighbours the ranks that reach this rank's part and whose parts it reaches, each once
    /// @return the epoch, to be closed; the same object each time
    /// @throws IndexOutOfBoundsException if there is no such rank
    /// @throws IllegalArgumentException  if a rank is named twice
    /// @throws IllegalStateException     if this rank is in an epoch of this window already
    /// @throws WrongThreadException      if another thread holds the local view
    /// @throws PeerFailedException       if one of them has died
    /// @throws JobTimeoutException       if one did not come within `porthole.wait.deadline`
    Epoch exchange(int... neighbours);

    /// This rank's counters for notified puts.
    ///
    /// @return the same object each time
    Notifications notifications();

    /// The memory of a rank, for loads and stores, where the CPU reaches it. For windows whose policy is [ExposurePolicy#UNGUARDED].
    ///
    /// @param rank a rank of the team
    /// @return [#length(int)] bytes, valid until the window closes and for all threads; empty if only puts and gets reach that rank
    /// @throws IndexOutOfBoundsException if there is no such rank
    /// @throws IllegalStateException     if the window has another policy
    Optional<MemorySegment> shared(int rank);

    /// Begins a passive-target epoch on one rank, which takes no part in it. Waits until the lock is free.
    ///
    /// A lock whose holder died is repaired, and the repair is reported: to those that waited and, if nobody did, to the first that asks.
    /// The call after that succeeds; what the dead rank left in the window is for the program to judge.
    ///
    /// @param target the rank to reach, this rank included
    /// @param kind   exclusive, or shared with other holders of shared locks
    /// @return the access, to be closed
    /// @throws IndexOutOfBoundsException if there is no such rank
    /// @throws IllegalStateException     if this rank holds a lock on `target` or on all ranks, or is in a fence epoch of this window
    /// @throws PeerFailedException       if `target` has died, or the rank that held the lock
    /// @throws JobTimeoutException       if the lock was not free within `porthole.wait.deadline`
    Access lock(int target, LockKind kind);

    /// Begins a passive-target epoch on all ranks of the team, with a shared lock on each.
    ///
    /// @return the access, to be closed
    /// @throws IllegalStateException if this rank is in an epoch of this window already
    /// @throws PeerFailedException   if a rank of the team has died
    /// @throws JobTimeoutException   if a lock was not free within `porthole.wait.deadline`
    Access lockAll();

    /// Attaches memory of this rank to a dynamic window: from now on peers reach it. They learn the offset from this rank, by any means.
    ///
    /// The memory must stay alive until it is detached, or the window is closed. Up to 256 memories of up to 1 TiB may be attached to one rank's
    /// part at a time.
    ///
    /// **Threads.** Any.
    ///
    /// @param memory native, writable, accessible by all threads, and aligned to [WindowSpec#ALIGNMENT]
    /// @return the offset of its first byte in this rank's part; those of different memories are far apart
    /// @throws IllegalArgumentException if the memory cannot be shared
    /// @throws IllegalStateException    if the window is not dynamic, or too much is attached
    ///
    /// **Source.** MPI-4.1, 12.2.4 (`MPI_Win_attach`), where offsets are addresses.
    long attach(MemorySegment memory);

    /// Detaches memory of this rank: operations on its offsets are refused from then on. The program sees to it that none is under way.
    ///
    /// **Threads.** Any.
    ///
    /// @param offset what [#attach(MemorySegment)] returned
    /// @throws IllegalArgumentException if nothing is attached there
    /// @throws IllegalStateException    if the window is not dynamic
    void detach(long offset);

    /// Whether this window is still open.
    ///
    /// @return false once it was closed
    boolean isOpen();

    /// Collective. Closes the window on all ranks and frees its memory. Closing a closed window does nothing.
    ///
    /// Locks that this rank still holds are given back first. A fence epoch that is still open is abandoned: ranks that are in it get a
    /// [CollectiveMismatchException]. A rank that has failed is not waited for; the memory is then freed with the job, and so it is when
    /// closing throws.
    ///
    /// @throws WrongThreadException        if another living thread holds the local view; nothing has happened then
    /// @throws CollectiveMismatchException if another rank called something else
    @Override
    void close();
}
