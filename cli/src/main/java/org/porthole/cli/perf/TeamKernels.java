package org.porthole.cli.perf;

import java.lang.foreign.MemorySegment;
import org.porthole.DataType;
import org.porthole.Epoch;
import org.porthole.Operator;
import org.porthole.Team;

/// The loops of collective operations. All ranks run them.
final class TeamKernels {
    private TeamKernels() {}

    static Kernel barrier(Team team) {
        return n -> barrier(n, team);
    }

    /// Sums doubles.
    ///
    /// @param team        the ranks
    /// @param source      this rank's doubles
    /// @param destination as long
    /// @return the loop
    static Kernel allreduce(Team team, MemorySegment source, MemorySegment destination) {
        return n -> allreduce(n, team, source, destination);
    }

    /// Goes from fence epoch to fence epoch.
    ///
    /// @param epoch open
    /// @return the loop
    static Kernel fence(Epoch epoch) {
        return n -> fence(n, epoch);
    }

    private static void barrier(int n, Team team) {
        for (int i = 0; i < n; i++) {
            team.barrier();
        }
    }

    private static void allreduce(int n, Team team, MemorySegment source, MemorySegment destination) {
        for (int i = 0; i < n; i++) {
            team.allreduce(source, destination, DataType.DOUBLE, Operator.SUM);
        }
    }

    private static void fence(int n, Epoch epoch) {
        for (int i = 0; i < n; i++) {
            var _ = epoch.next();
        }
    }
}
