package org.porthole;

import java.lang.foreign.MemorySegment;

/// An ordered set of ranks that act together.
///
/// Collective operations are called by all ranks of the team in the same order. A rank that calls another operation, or the same with
/// arguments that must agree but do not, makes the call fail on every rank with [CollectiveMismatchException]; the team can then do
/// no further collective operation. They all also throw
/// * [PeerFailedException] if a rank of the team has died,
/// * [JobTimeoutException] if a rank did not come within `porthole.wait.deadline`,
/// * [IllegalStateException] if the job is closed.
///
/// **Threads.** One thread of a rank at a time.
///
/// **Source.** MPI-4.1, chapter 6.
public sealed interface Team permits org.porthole.internal.team.MemberTeam {

    /// This process's number in the team.
    ///
    /// @return `0 <= rank < size`
    int rank();

    /// How many ranks the team has.
    ///
    /// @return at least 1
    int size();

    /// Collective. Opens a window; each rank brings its own [WindowSpec], which may differ in size alone.
    ///
    /// @param spec this rank's request
    /// @return the window
    /// @throws InsufficientMemoryException if the parts of all ranks of a host do not fit its memory or its control group's limit: nothing was
    ///                                     allocated, and every rank gets it
    /// @throws TransportException          if the system refuses the memory on any rank: every rank gets it
    Window openWindow(WindowSpec spec);

    /// Collective. Returns on no rank before it was called on all.
    void barrier();

    /// Collective. Copies the bytes of `root`'s buffer into that of every other rank.
    ///
    /// @param root   the rank that has the bytes; the same on all ranks
    /// @param buffer the source at `root`, the destination elsewhere; the same size on all ranks
    /// @throws IndexOutOfBoundsException if `root` is not a rank of the team
    void broadcast(int root, MemorySegment buffer);

    /// Collective. Combines the elements of all ranks one by one and gives every rank the result, bit for bit the same on all.
    ///
    /// Ranks are combined in ascending order. `source` and `destination` may be the same segment but must not overlap otherwise.
    ///
    /// @param source      this rank's elements, in the host's byte order
    /// @param destination receives the result; as long as `source`
    /// @param type        the elements' type; the same on all ranks
    /// @param op          a reduction that is defined for `type`; the same on all ranks
    /// @throws IllegalArgumentException if the sizes differ or are no multiple of the element's, or `op` cannot reduce `type`
    void allreduce(MemorySegment source, MemorySegment destination, DataType type, Operator op);

    /// Collective. Combines one integer of each rank.
    ///
    /// @param value this rank's value
    /// @param op    a reduction; the same on all ranks
    /// @return the result, the same on all ranks
    /// @throws IllegalArgumentException if `op` is not a reduction
    long allreduce(long value, Operator op);

    /// Collective. Combines one double of each rank, in ascending order of ranks.
    ///
    /// @param value this rank's value
    /// @param op    a reduction on numbers; the same on all ranks
    /// @return the result, bit for bit the same on all ranks
    /// @throws IllegalArgumentException if `op` is not a reduction, or is bitwise
    double allreduce(double value, Operator op);
}
