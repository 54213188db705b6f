package org.porthole.internal.bootstrap;

import java.net.InetSocketAddress;
import org.porthole.config.JoinMethod;

/// A launcher that speaks PMI-1: `mpiexec.hydra`, over a socket that it hands down or, with `-pmi-port`, over one to connect to; and
/// `srun --mpi=pmi2`.
final class PmiLauncher implements Launcher {
    @Override
    public JoinMethod method() {
        return JoinMethod.PMI;
    }

    @Override
    public String rankVariable(Surroundings around) {
        return around.has("PMI_PORT") ? "PMI_ID" : "PMI_RANK";
    }

    @Override
    public Finding look(Surroundings around) {
        if (around.has("PMI_PORT") && around.number("PMI_ID").isPresent()) {
            return Finding.of("process " + around.text("PMI_ID") + " of the server at " + around.text("PMI_PORT")
                    + ", from PMI_PORT and PMI_ID");
        }
        if (around.number("PMI_FD").isEmpty()) {
            return Finding.none("neither PMI_FD nor PMI_PORT is set");
        }
        if (around.number("PMI_RANK").isEmpty() || around.number("PMI_SIZE").isEmpty()) {
            return Finding.none("PMI_FD is set, but PMI_RANK and PMI_SIZE are not");
        }
        if (!PmiNative.isOpen(around.number("PMI_FD").getAsInt())) {
            return Finding.none("PMI_FD=" + around.text("PMI_FD")
                    + " is no open file: whoever started this process did not hand it on");
        }
        return Finding.of("rank " + around.text("PMI_RANK") + " of " + around.text("PMI_SIZE") + ", from PMI_RANK");
    }

    @Override
    public void rehearse(Surroundings around) {
        Meeting.rehearse(around.text(rankVariable(around)).equals("0"));
    }

    @Override
    public Bootstrap open(Surroundings around, Deadline deadline) {
        PmiClient client;
        if (around.has("PMI_PORT") && around.number("PMI_ID").isPresent()) {
            InetSocketAddress server = RendezvousWire.address(around.text("PMI_PORT"));
            client = PmiClient.connect(
                    new PmiSocket(server, deadline), around.number("PMI_ID").getAsInt());
        } else {
            client = PmiClient.adopt(
                    new PmiFile(around.number("PMI_FD").getAsInt(), deadline),
                    around.number("PMI_RANK").getAsInt(),
                    around.number("PMI_SIZE").getAsInt());
        }
        boolean oneNode = around.text("SLURM_STEP_NUM_NODES").equals("1");
        client.localRanks(around.number("MPI_LOCALNRANKS").orElse(oneNode ? client.size() : -1));
        return Meeting.through(client, around, deadline, "PMI");
    }
}
