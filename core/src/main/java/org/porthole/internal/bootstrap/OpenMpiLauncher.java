package org.porthole.internal.bootstrap;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.porthole.ConfigurationException;
import org.porthole.config.CoreOptions;
import org.porthole.config.JoinMethod;

/// Open MPI's mpirun where PMIx cannot be spoken: its variables tell rank and size, but not where rank 0 is.
final class OpenMpiLauncher implements Launcher {
    private static final String RANK = "OMPI_COMM_WORLD_RANK";
    private static final String SIZE = "OMPI_COMM_WORLD_SIZE";
    private static final String LOCAL_SIZE = "OMPI_COMM_WORLD_LOCAL_SIZE";

    @Override
    public JoinMethod method() {
        return JoinMethod.OPENMPI;
    }

    @Override
    public String rankVariable(Surroundings around) {
        return RANK;
    }

    @Override
    public Finding look(Surroundings around) {
        if (around.number(RANK).isEmpty() || around.number(SIZE).isEmpty()) {
            return Finding.none(RANK + " and " + SIZE + " are not set");
        }
        return Finding.of("rank " + around.text(RANK) + " of " + around.text(SIZE) + ", from " + RANK);
    }

    @Override
    public Bootstrap open(Surroundings around, Deadline deadline) {
        int rank = around.number(RANK).orElse(-1);
        int size = around.number(SIZE).orElse(-1);
        Meeting.requireSize(around, rank, size);
        boolean oneHost = around.number(LOCAL_SIZE).orElse(-1) == size;
        String given = around.configuration().value(CoreOptions.RENDEZVOUS);
        String job = "openmpi " + around.text("PMIX_NAMESPACE") + ' ' + around.text("OMPI_MCA_ess_base_jobid");
        if (!given.isEmpty()) {
            return GivenAddress.meet(around, deadline, rank, size, "Open MPI's variables", given);
        }
        if (!oneHost && size > 1) {
            throw new ConfigurationException(
                    "mpirun has started this rank, but does not say where rank 0 is, and PMIx cannot be asked: "
                            + "install libpmix (" + CoreOptions.PMIX_LIBRARY.key()
                            + "), or give all ranks rank 0's address with mpirun -x "
                            + CoreOptions.RENDEZVOUS.environmentName() + "=host:port");
        }
        var seat = new RendezvousBootstrap.Seat(rank, size, "Open MPI's variables", true, JobSecret.of(around, job));
        List<InetSocketAddress> places = JobPorts.at(InetAddress.getLoopbackAddress(), around, job);
        return Meeting.at(seat, places, () -> places, deadline);
    }
}
