package org.porthole.system;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A launcher, how it is told where to start ranks, and which of its processes is its own on a node.
enum LauncherKind {
    SRUN_NONE("slurmstepd", "Slurm step", "srun --mpi=none"),
    SRUN_PMI2("slurmstepd", "PMI", "srun --mpi=pmi2"),
    SRUN_PMIX("slurmstepd", "PMIx", "srun --mpi=pmix"),
    MPIRUN("orted", "PMIx", "mpirun.openmpi --allow-run-as-root --oversubscribe"),
    HYDRA("hydra_pmi_proxy", "PMI", "mpiexec.hydra"),
    HYDRA_PORT("hydra_pmi_proxy", "PMI", "mpiexec.hydra -pmi-port");

    /// What its process on a node is called.
    final String daemon;
    /// How ranks say that they joined.
    final String method;

    private final String command;

    LauncherKind(String daemon, String method, String command) {
        this.daemon = daemon;
        this.method = method;
        this.command = command;
    }

    boolean isSlurm() {
        return command.startsWith("srun ");
    }

    /// The words that start ranks on so many hosts, equally many on each.
    ///
    /// @param shell what stands for ssh; not used by Slurm
    /// @param hosts what hosts are called, up to their number
    List<String> words(int count, int perHost, Path shell, String hosts) {
        List<String> words = new ArrayList<>(List.of(command.split(" ", -1)));
        if (isSlurm()) {
            words.addAll(List.of("-Q", "-I20", "-N" + count, "--ntasks-per-node=" + perHost, "-n" + count * perHost));
            return words;
        }
        List<String> slots = new ArrayList<>();
        for (int host = 1; host <= count; host++) {
            slots.add(hosts + host + ":" + perHost);
        }
        if (this == MPIRUN) {
            words.addAll(List.of("--mca", "plm", "rsh", "--mca", "plm_rsh_agent", shell.toString()));
            words.addAll(List.of("--host", String.join(",", slots), "-n", Integer.toString(count * perHost)));
        } else {
            words.addAll(List.of("-launcher", "ssh", "-launcher-exec", shell.toString()));
            words.addAll(List.of("-hosts", String.join(",", slots), "-n", Integer.toString(count * perHost)));
        }
        return words;
    }
}
