package org.porthole.internal.team;

import java.lang.foreign.MemorySegment;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.internal.collective.Call;
import org.porthole.internal.collective.CollectiveKind;
import org.porthole.internal.collective.Collectives;

/// The collectives of one lane as [org.porthole.Team] states them: what is wrong whatever the other ranks bring is refused before a call is touched.
///
/// @param checks what may be wrong
/// @param lane   what describes the rest
record CheckedCalls(TeamChecks checks, Collectives lane) {
    Call barrier(Call call) {
        return lane.barrier(call);
    }

    Call broadcast(Call call, int root, MemorySegment buffer) {
        checks.requireRank(root);
        if (checks.rank() != root) {
            TeamChecks.requireWritable("broadcast", buffer);
        }
        return lane.broadcast(call, root, buffer);
    }

    Call reduce(Call call, int root, MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        checks.requireRank(root);
        if (checks.rank() == root) {
            TeamChecks.requireReducible("reduce", source, destination, type, op);
        } else {
            TeamChecks.requireElements("reduce", source, type, op);
        }
        return lane.reduce(call, root, source, destination, type, op);
    }

    Call allreduce(Call call, MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        TeamChecks.requireReducible("allreduce", source, destination, type, op);
        return lane.allreduce(call, source, destination, type, op);
    }

    Call gather(Call call, int root, MemorySegment source, MemorySegment destination) {
        checks.requireRank(root);
        if (checks.rank() == root) {
            checks.requirePieces("gather", destination, source);
            TeamChecks.requireWritable("gather", destination);
        }
        return lane.gather(call, root, source, destination);
    }

    Call gatherv(
            Call call, int root, MemorySegment source, MemorySegment destination, long[] counts, long[] displacements) {
        checks.requireRank(root);
        if (checks.rank() == root) {
            checks.requirePlaces("gatherv", destination, counts, displacements);
            checks.requireOwnCount("gatherv", counts, source);
            TeamChecks.requireWritable("gatherv", destination);
        }
        return lane.gatherv(call, root, source, destination, counts, displacements);
    }

    Call allgather(Call call, MemorySegment source, MemorySegment destination) {
        checks.requirePieces("allgather", destination, source);
        TeamChecks.requireWritable("allgather", destination);
        return lane.allgather(call, source, destination);
    }

    Call allgatherv(Call call, MemorySegment source, MemorySegment destination, long[] counts, long[] displacements) {
        checks.requirePlaces("allgatherv", destination, counts, displacements);
        checks.requireOwnCount("allgatherv", counts, source);
        TeamChecks.requireWritable("allgatherv", destination);
        return lane.allgatherv(call, source, destination, counts, displacements);
    }

    Call scatter(Call call, int root, MemorySegment source, MemorySegment destination) {
        checks.requireRank(root);
        if (checks.rank() == root) {
            checks.requirePieces("scatter", source, destination);
        }
        TeamChecks.requireWritable("scatter", destination);
        return lane.scatter(call, root, source, destination);
    }

    Call scatterv(
            Call call, int root, MemorySegment source, long[] counts, long[] displacements, MemorySegment destination) {
        checks.requireRank(root);
        if (checks.rank() == root) {
            checks.requirePlaces("scatterv", source, counts, displacements);
            checks.requireOwnCount("scatterv", counts, destination);
        }
        TeamChecks.requireWritable("scatterv", destination);
        return lane.scatterv(call, root, source, counts, displacements, destination);
    }

    Call alltoall(Call call, MemorySegment source, MemorySegment destination) {
        if (source.byteSize() != destination.byteSize() || source.byteSize() % checks.size() != 0) {
            throw new IllegalArgumentException("alltoall from " + source.byteSize() + " to " + destination.byteSize()
                    + " bytes: they must be equal and a multiple of " + checks.size() + ", the size of the team");
        }
        TeamChecks.requireWritable("alltoall", destination);
        return lane.alltoall(call, source, destination);
    }

    Call alltoallv(
            Call call,
            MemorySegment source,
            long[] sourceCounts,
            long[] sourceDisplacements,
            MemorySegment destination,
            long[] destinationCounts,
            long[] destinationDisplacements) {
        checks.requirePlaces("alltoallv", source, sourceCounts, sourceDisplacements);
        checks.requirePlaces("alltoallv", destination, destinationCounts, destinationDisplacements);
        if (sourceCounts[checks.rank()] != destinationCounts[checks.rank()]) {
            throw new IllegalArgumentException("alltoallv of " + sourceCounts[checks.rank()] + " bytes to, but "
                    + destinationCounts[checks.rank()] + " from this rank itself");
        }
        TeamChecks.requireWritable("alltoallv", destination);
        return lane.alltoallv(
                call,
                source,
                sourceCounts,
                sourceDisplacements,
                destination,
                destinationCounts,
                destinationDisplacements);
    }

    Call reduceScatter(Call call, MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        TeamChecks.requireElements("reduceScatter", destination, type, op);
        checks.requirePieces("reduceScatter", source, destination);
        TeamChecks.requireWritable("reduceScatter", destination);
        return lane.reduceScatter(call, source, destination, type, op);
    }

    Call reduceScatterv(
            Call call, MemorySegment source, MemorySegment destination, long[] counts, DataType type, Operator op) {
        TeamChecks.requireElements("reduceScatterv", source, type, op);
        checks.requireBlocks("reduceScatterv", source, counts, type);
        checks.requireOwnCount("reduceScatterv", counts, destination);
        TeamChecks.requireWritable("reduceScatterv", destination);
        return lane.reduceScatterv(call, source, destination, counts, type, op);
    }

    Call scan(Call call, MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        TeamChecks.requireReducible("scan", source, destination, type, op);
        return lane.scan(call, CollectiveKind.SCAN, source, destination, type, op);
    }

    Call exscan(Call call, MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        TeamChecks.requireReducible("exscan", source, destination, type, op);
        return lane.scan(call, CollectiveKind.EXSCAN, source, destination, type, op);
    }
}
