package org.porthole;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// An ordered set of ranks that act together.
///
/// Collective operations are called by all ranks of the team in the same order. A rank that calls another operation, or the same with
/// arguments that must agree but do not, makes the call fail on every rank with [CollectiveMismatchException]; the team can then do
/// no further collective operation. They all also throw
/// * [PeerFailedException] if a rank of the team has died,
/// * [JobTimeoutException] if a rank did not come within `porthole.wait.deadline`,
/// * [IllegalStateException] if the job or the team is closed.
///
/// **Started, not waited for.** Each has a form that starts it and returns a [Request], named `start...` because it is the same operation, begun:
/// [#startBarrier()] is `MPI_Ibarrier`. Starting waits for no rank. All ranks start the same ones in the same order, in which they are done, one after the
/// other however many are outstanding; they are matched with each other only, so that operations that wait may be called in between, in whatever order. Until
/// its request is over, the buffers and arrays of an operation belong to it: destinations may be written at any time, nothing may be changed or freed.
///
/// *Progress* is made within calls, as in MPI: by `test` and `await` of any request of the team, and by every thread of this rank that waits for anything
/// in a call of Porthole; a rank that only computes holds up the others. A buffer that is confined to a thread is moved by that thread alone. If an operation
/// fails, its request says so, and those that were started after it; the team can then do no further one, of either form. A request that is given up
/// waiting for (interruption, `porthole.wait.deadline`) is still outstanding.
///
/// A team numbers its ranks itself, from 0; the targets of its windows are its ranks. [PeerFailedException#rank()] is the rank's number in the job.
/// Teams are independent: a failed collective of one leaves the others as they are. Teams, windows and job may be closed in any order.
///
/// **Threads.** One thread of a rank at a time.
///
/// **Source.** MPI-4.1, chapter 6.
public sealed interface Team extends AutoCloseable
        permits org.porthole.internal.team.MemberTeam, org.porthole.internal.check.CheckedTeam {

    /// This process's number in the team.
    ///
    /// @return `0 <= rank < size`
    int rank();

    /// How many ranks the team has.
    ///
    /// @return at least 1
    int size();

    /// The number in this team of a rank of another.
    ///
    /// @param other a team of the same job
    /// @param rank  a rank of `other`
    /// @return its number in this team, or -1 if it is not in it
    /// @throws IndexOutOfBoundsException if `rank` is not a rank of `other`
    int translate(Team other, int rank);

    /// Collective. Makes teams of the ranks that bring the same colour, ordered by key and, where keys are equal, by rank in this team.
    ///
    /// @param colour which team this rank will be in; negative for none
    /// @param key    where in it
    /// @return the team, to be closed; empty if `colour` is negative
    /// @throws TransportException if the system refuses memory on any rank: every rank gets it
    Optional<Team> split(int colour, int key);

    /// Collective. Makes a team of the ranks of each host, in the order of this team.
    ///
    /// @return the team of this rank's host, to be closed
    /// @throws TransportException if the system refuses memory on any rank: every rank gets it
    Team splitByHost();

    /// Collective. Makes a team of given ranks; all ranks of this team call it, those too that will not be in the new one.
    ///
    /// @param ranks the members in the order of the new team, by their numbers in this one; the same on all ranks
    /// @return the team, to be closed; empty on ranks that are not in it
    /// @throws IndexOutOfBoundsException if one is not a rank of this team
    /// @throws IllegalArgumentException  if one is there twice
    /// @throws TransportException        if the system refuses memory on any rank: every rank gets it
    Optional<Team> of(int... ranks);

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

    /// Collective. Combines the elements of all ranks one by one and gives the result to `root`.
    ///
    /// Ranks are combined in ascending order. `source` and `destination` may be the same segment but must not overlap otherwise.
    ///
    /// @param root        the rank that receives the result; the same on all ranks
    /// @param source      this rank's elements, in the host's byte order; as many on all ranks
    /// @param destination receives the result at `root`, as long as `source`; not looked at elsewhere
    /// @param type        the elements' type; the same on all ranks
    /// @param op          a reduction that is defined for `type`; the same on all ranks
    /// @throws IndexOutOfBoundsException if `root` is not a rank of the team
    /// @throws IllegalArgumentException  if the sizes differ or are no multiple of the element's, `op` cannot reduce `type`, or `destination` is
    ///                                   read-only
    void reduce(int root, MemorySegment source, MemorySegment destination, DataType type, Operator op);

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

    /// Collective. Brings the bytes of every rank to `root`, one after the other in the order of ranks.
    ///
    /// At `root`, `source` may be its own place in `destination`; they must not overlap otherwise.
    ///
    /// @param root        the rank that takes; the same on all ranks
    /// @param source      what this rank brings; as long on all ranks
    /// @param destination receives everything at `root`, of `size()` times the source's length; not looked at elsewhere
    /// @throws IndexOutOfBoundsException if `root` is not a rank of the team
    /// @throws IllegalArgumentException  if `destination` is of another size or read-only
    void gather(int root, MemorySegment source, MemorySegment destination);

    /// Collective. Brings the bytes of every rank to `root`, of each its own number to its own place.
    ///
    /// At `root`, `source` may be its own place in `destination`; they must not overlap otherwise. If a rank brings another number of bytes than
    /// the root says, all ranks get [CollectiveMismatchException].
    ///
    /// @param root          the rank that takes; the same on all ranks
    /// @param source        what this rank brings
    /// @param destination   receives everything at `root`; not looked at elsewhere
    /// @param counts        how many bytes each rank brings; read at `root` alone
    /// @param displacements where in `destination` they go, in bytes; places must not overlap; read at `root` alone
    /// @throws IndexOutOfBoundsException if `root` is not a rank of the team, or a place is not in `destination`
    /// @throws IllegalArgumentException  if an array has not one element per rank, `counts` contradicts `source`, or `destination` is read-only
    void gatherv(int root, MemorySegment source, MemorySegment destination, long[] counts, long[] displacements);

    /// Collective. Brings the bytes of every rank to all, one after the other in the order of ranks.
    ///
    /// `source` may be this rank's own place in `destination`; they must not overlap otherwise.
    ///
    /// @param source      what this rank brings; as long on all ranks
    /// @param destination receives everything, of `size()` times the source's length
    /// @throws IllegalArgumentException if `destination` is of another size or read-only
    void allgather(MemorySegment source, MemorySegment destination);

    /// Collective. Brings the bytes of every rank to all, of each its own number to its own place.
    ///
    /// `source` may be this rank's own place in `destination`; they must not overlap otherwise.
    ///
    /// @param source        what this rank brings
    /// @param destination   receives everything
    /// @param counts        how many bytes each rank brings; the same on all ranks
    /// @param displacements where in `destination` they go, in bytes; places must not overlap; ranks may differ in it
    /// @throws IndexOutOfBoundsException if a place is not in `destination`
    /// @throws IllegalArgumentException  if an array has not one element per rank, `counts` contradicts `source`, or `destination` is read-only
    void allgatherv(MemorySegment source, MemorySegment destination, long[] counts, long[] displacements);

    /// Collective. Gives every rank its piece of `root`'s bytes; pieces lie one after the other in the order of ranks.
    ///
    /// At `root`, `destination` may be its own piece of `source`; they must not overlap otherwise.
    ///
    /// @param root        the rank that brings; the same on all ranks
    /// @param source      all pieces at `root`, of `size()` times the destination's length; not looked at elsewhere
    /// @param destination receives this rank's piece; as long on all ranks
    /// @throws IndexOutOfBoundsException if `root` is not a rank of the team
    /// @throws IllegalArgumentException  if `source` is of another size, or `destination` is read-only
    void scatter(int root, MemorySegment source, MemorySegment destination);

    /// Collective. Gives every rank its piece of `root`'s bytes, to each its own number.
    ///
    /// At `root`, `destination` may be its own piece of `source`; they must not overlap otherwise. If a rank takes another number of bytes than the
    /// root says, all ranks get [CollectiveMismatchException].
    ///
    /// @param root          the rank that brings; the same on all ranks
    /// @param source        all pieces at `root`; not looked at elsewhere
    /// @param counts        how many bytes each rank takes; read at `root` alone
    /// @param displacements where in `source` they are, in bytes; read at `root` alone
    /// @param destination   receives this rank's piece
    /// @throws IndexOutOfBoundsException if `root` is not a rank of the team, or a piece is not in `source`
    /// @throws IllegalArgumentException  if an array has not one element per rank, `counts` contradicts `destination`, or `destination` is read-only
    void scatterv(int root, MemorySegment source, long[] counts, long[] displacements, MemorySegment destination);

    /// Collective. Gives every rank a piece of every rank's bytes: piece `r` goes to rank `r`, and what comes from rank `r` becomes piece `r`.
    ///
    /// `source` and `destination` may be the same segment but must not overlap otherwise.
    ///
    /// @param source      `size()` pieces of the same length, one after the other; as long on all ranks
    /// @param destination receives as many; as long as `source`
    /// @throws IllegalArgumentException if the sizes differ or are no multiple of `size()`, or `destination` is read-only
    void alltoall(MemorySegment source, MemorySegment destination);

    /// Collective. Gives every rank a piece of every rank's bytes, each of its own length.
    ///
    /// `source` and `destination` may be the same segment, if the counts and displacements of both are equal; they must not overlap otherwise. If a
    /// rank expects another number of bytes from a rank than that has for it, all ranks get [CollectiveMismatchException].
    ///
    /// @param source                   the pieces
    /// @param sourceCounts             how many bytes go to each rank
    /// @param sourceDisplacements      where in `source` they are, in bytes
    /// @param destination              receives the pieces of the others
    /// @param destinationCounts        how many bytes come from each rank
    /// @param destinationDisplacements where in `destination` they go, in bytes; places must not overlap
    /// @throws IndexOutOfBoundsException if a piece is not in its segment
    /// @throws IllegalArgumentException  if an array has not one element per rank, the counts of this rank's own piece differ, or `destination` is
    ///                                   read-only
    void alltoallv(
            MemorySegment source,
            long[] sourceCounts,
            long[] sourceDisplacements,
            MemorySegment destination,
            long[] destinationCounts,
            long[] destinationDisplacements);

    /// Collective. Combines the elements of all ranks one by one and gives each rank its block of the result; blocks are equally long.
    ///
    /// Ranks are combined in ascending order. `destination` may be this rank's own block of `source`; they must not overlap otherwise.
    ///
    /// @param source      this rank's elements, `size()` blocks of them
    /// @param destination receives block `rank()` of the result; as long on all ranks
    /// @param type        the elements' type; the same on all ranks
    /// @param op          a reduction that is defined for `type`; the same on all ranks
    /// @throws IllegalArgumentException if the sizes do not fit each other or the element's, `op` cannot reduce `type`, or `destination` is read-only
    void reduceScatter(MemorySegment source, MemorySegment destination, DataType type, Operator op);

    /// Collective. Combines the elements of all ranks one by one and gives each rank its block of the result, to each its own length.
    ///
    /// Ranks are combined in ascending order. `destination` may be this rank's own block of `source`; they must not overlap otherwise.
    ///
    /// @param source      this rank's elements, the blocks of all ranks one after the other
    /// @param destination receives block `rank()` of the result
    /// @param counts      how long each rank's block is, in bytes; the same on all ranks
    /// @param type        the elements' type; the same on all ranks
    /// @param op          a reduction that is defined for `type`; the same on all ranks
    /// @throws IllegalArgumentException if the sizes do not fit each other or the element's, `counts` has not one element per rank, `op` cannot reduce
    ///                                  `type`, or `destination` is read-only
    void reduceScatterv(MemorySegment source, MemorySegment destination, long[] counts, DataType type, Operator op);

    /// Collective. Combines the elements of the ranks up to this one, in ascending order.
    ///
    /// `source` and `destination` may be the same segment but must not overlap otherwise.
    ///
    /// @param source      this rank's elements; as many on all ranks
    /// @param destination receives the result; as long as `source`
    /// @param type        the elements' type; the same on all ranks
    /// @param op          a reduction that is defined for `type`; the same on all ranks
    /// @throws IllegalArgumentException if the sizes differ or are no multiple of the element's, `op` cannot reduce `type`, or `destination` is
    ///                                  read-only
    void scan(MemorySegment source, MemorySegment destination, DataType type, Operator op);

    /// Collective. Combines the elements of the ranks below this one, in ascending order; on rank 0 `destination` stays as it is.
    ///
    /// `source` and `destination` may be the same segment but must not overlap otherwise.
    ///
    /// @param source      this rank's elements; as many on all ranks
    /// @param destination receives the result; as long as `source`
    /// @param type        the elements' type; the same on all ranks
    /// @param op          a reduction that is defined for `type`; the same on all ranks
    /// @throws IllegalArgumentException if the sizes differ or are no multiple of the element's, `op` cannot reduce `type`, or `destination` is
    ///                                  read-only
    void exscan(MemorySegment source, MemorySegment destination, DataType type, Operator op);

    /// Collective. Starts [#barrier()].
    ///
    /// @return the request
    Request startBarrier();

    /// Collective. Starts [#broadcast(int, MemorySegment)].
    ///
    /// @param root as there
    /// @param buffer as there
    /// @return the request
    Request startBroadcast(int root, MemorySegment buffer);

    /// Collective. Starts [#reduce(int, MemorySegment, MemorySegment, DataType, Operator)].
    ///
    /// @param root as there
    /// @param source as there
    /// @param destination as there
    /// @param type as there
    /// @param op as there
    /// @return the request
    Request startReduce(int root, MemorySegment source, MemorySegment destination, DataType type, Operator op);

    /// Collective. Starts [#allreduce(MemorySegment, MemorySegment, DataType, Operator)].
    ///
    /// @param source as there
    /// @param destination as there
    /// @param type as there
    /// @param op as there
    /// @return the request
    Request startAllreduce(MemorySegment source, MemorySegment destination, DataType type, Operator op);

    /// Collective. Starts [#gather(int, MemorySegment, MemorySegment)].
    ///
    /// @param root as there
    /// @param source as there
    /// @param destination as there
    /// @return the request
    Request startGather(int root, MemorySegment source, MemorySegment destination);

    /// Collective. Starts [#gatherv(int, MemorySegment, MemorySegment, long\[\], long\[\])].
    ///
    /// @param root as there
    /// @param source as there
    /// @param destination as there
    /// @param counts as there
    /// @param displacements as there
    /// @return the request
    Request startGatherv(
            int root, MemorySegment source, MemorySegment destination, long[] counts, long[] displacements);

    /// Collective. Starts [#allgather(MemorySegment, MemorySegment)].
    ///
    /// @param source as there
    /// @param destination as there
    /// @return the request
    Request startAllgather(MemorySegment source, MemorySegment destination);

    /// Collective. Starts [#allgatherv(MemorySegment, MemorySegment, long\[\], long\[\])].
    ///
    /// @param source as there
    /// @param destination as there
    /// @param counts as there
    /// @param displacements as there
    /// @return the request
    Request startAllgatherv(MemorySegment source, MemorySegment destination, long[] counts, long[] displacements);

    /// Collective. Starts [#scatter(int, MemorySegment, MemorySegment)].
    ///
    /// @param root as there
    /// @param source as there
    /// @param destination as there
    /// @return the request
    Request startScatter(int root, MemorySegment source, MemorySegment destination);

    /// Collective. Starts [#scatterv(int, MemorySegment, long\[\], long\[\], MemorySegment)].
    ///
    /// @param root as there
    /// @param source as there
    /// @param counts as there
    /// @param displacements as there
    /// @param destination as there
    /// @return the request
    Request startScatterv(
            int root, MemorySegment source, long[] counts, long[] displacements, MemorySegment destination);

    /// Collective. Starts [#alltoall(MemorySegment, MemorySegment)].
    ///
    /// @param source as there
    /// @param destination as there
    /// @return the request
    Request startAlltoall(MemorySegment source, MemorySegment destination);

    /// Collective. Starts [#alltoallv(MemorySegment, long\[\], long\[\], MemorySegment, long\[\], long\[\])].
    ///
    /// @param source as there
    /// @param sourceCounts as there
    /// @param sourceDisplacements as there
    /// @param destination as there
    /// @param destinationCounts as there
    /// @param destinationDisplacements as there
    /// @return the request
    Request startAlltoallv(
            MemorySegment source,
            long[] sourceCounts,
            long[] sourceDisplacements,
            MemorySegment destination,
            long[] destinationCounts,
            long[] destinationDisplacements);

    /// Collective. Starts [#reduceScatter(MemorySegment, MemorySegment, DataType, Operator)].
    ///
    /// @param source as there
    /// @param destination as there
    /// @param type as there
    /// @param op as there
    /// @return the request
    Request startReduceScatter(MemorySegment source, MemorySegment destination, DataType type, Operator op);

    /// Collective. Starts [#reduceScatterv(MemorySegment, MemorySegment, long\[\], DataType, Operator)].
    ///
    /// @param source as there
    /// @param destination as there
    /// @param counts as there
    /// @param type as there
    /// @param op as there
    /// @return the request
    Request startReduceScatterv(
            MemorySegment source, MemorySegment destination, long[] counts, DataType type, Operator op);

    /// Collective. Starts [#scan(MemorySegment, MemorySegment, DataType, Operator)].
    ///
    /// @param source as there
    /// @param destination as there
    /// @param type as there
    /// @param op as there
    /// @return the request
    Request startScan(MemorySegment source, MemorySegment destination, DataType type, Operator op);

    /// Collective. Starts [#exscan(MemorySegment, MemorySegment, DataType, Operator)].
    ///
    /// @param source as there
    /// @param destination as there
    /// @param type as there
    /// @param op as there
    /// @return the request
    Request startExscan(MemorySegment source, MemorySegment destination, DataType type, Operator op);

    /// Collective. Closes the team when all its ranks do; its windows that are still open are closed with it. Closing a closed team does nothing, and neither
    /// does closing the world team, which ends with its job.
    ///
    /// Local resources are released even if it throws; after a failed collective, when the job closes. A rank that has failed is not waited for.
    ///
    /// @throws CollectiveMismatchException if another rank called something else
    /// @throws IllegalStateException       if operations were started and are not complete: nothing was closed, and nobody told
    @Override
    void close();
}
