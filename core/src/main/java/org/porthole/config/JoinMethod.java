package org.porthole.config;

/// How a process learns which rank it is and where its peers are, in the order in which `auto` asks.
public enum JoinMethod {
    /// The first of the following that applies.
    AUTO,
    /// `porthole.job.rank`, `.size` and `.rendezvous`.
    SETTINGS,
    /// A PMIx server: Open MPI's `mpirun`, `srun --mpi=pmix`.
    PMIX,
    /// PMI-1: `mpiexec.hydra`, `srun --mpi=pmi2`.
    PMI,
    /// The variables of Open MPI's `mpirun` alone.
    OPENMPI,
    /// The variables of a Slurm step.
    SLURM,
    /// An Indexed Job of Kubernetes.
    KUBERNETES,
    /// Nothing launched this process as part of a job.
    ALONE
}
