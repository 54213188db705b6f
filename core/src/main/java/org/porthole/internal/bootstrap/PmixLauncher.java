package org.porthole.internal.bootstrap;

import org.porthole.config.CoreOptions;
import org.porthole.config.JoinMethod;

/// A launcher with a PMIx server: Open MPI's mpirun, `srun --mpi=pmix`.
///
/// **Source.** PMIx Standard 4.1, 2.3 and 5.
final class PmixLauncher implements Launcher {
    @Override
    public JoinMethod method() {
        return JoinMethod.PMIX;
    }

    @Override
    public String rankVariable(Surroundings around) {
        return "PMIX_RANK";
    }

    @Override
    public Finding look(Surroundings around) {
        if (!around.has("PMIX_RANK") || !around.has("PMIX_NAMESPACE")) {
            return Finding.none("PMIX_RANK and PMIX_NAMESPACE are not set");
        }
        if (around.environment().keySet().stream().noneMatch(name -> name.startsWith("PMIX_SERVER_URI"))) {
            return Finding.none("no PMIX_SERVER_URI... is set");
        }
        String library = around.configuration().value(CoreOptions.PMIX_LIBRARY);
        try {
            var _ = PmixNative.load(library);
        } catch (LinkageError | RuntimeException e) {
            return Finding.none(library + " cannot be used: " + e.getMessage() + " (install it, or name it in "
                    + CoreOptions.PMIX_LIBRARY.key() + ")");
        }
        return Finding.of(
                "rank " + around.text("PMIX_RANK") + " of " + around.text("PMIX_NAMESPACE") + ", from PMIX_RANK");
    }

    @Override
    public void rehearse(Surroundings around) {
        Meeting.rehearse(around.text(rankVariable(around)).equals("0"));
    }

    @Override
    public Bootstrap open(Surroundings around, Deadline deadline) {
        PmixNative library = PmixNative.load(around.configuration().value(CoreOptions.PMIX_LIBRARY));
        return Meeting.through(PmixClient.init(library, deadline), around, deadline, "PMIx");
    }
}
