package org.porthole.internal.bootstrap;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.porthole.Launchers;
import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;
import org.porthole.config.JoinMethod;

/// Chooses how this process finds its peers: the first [Launcher] that applies. What fails after that is an error, for other ranks may have
/// succeeded, and one that then takes another way would wait for them in vain.
public final class Bootstraps {
    private static final System.Logger LOG = System.getLogger(Bootstraps.class.getName());

    /// In the order in which they are asked: PMIx, PMI and Open MPI before Slurm, in whose allocations they run with `SLURM_PROCID` of their
    /// daemons.
    private static final List<Launcher> ALL = List.of(
            new SettingsLauncher(),
            new PmixLauncher(),
            new PmiLauncher(),
            new OpenMpiLauncher(),
            new SlurmLauncher(),
            new KubernetesLauncher(),
            new AloneLauncher());

    private Bootstraps() {}

    /// The way of this process.
    ///
    /// @param configuration the settings
    /// @return the bootstrap, to be closed
    static Bootstrap choose(Configuration configuration) {
        return choose(Surroundings.of(configuration));
    }

    /// The way of a process with other variables.
    ///
    /// @param configuration the settings
    /// @param environment   the variables
    /// @return the bootstrap, to be closed
    static Bootstrap choose(Configuration configuration, Map<String, String> environment) {
        Surroundings own = Surroundings.of(configuration);
        return choose(new Surroundings(configuration, environment, own.hosts()));
    }

    static Bootstrap choose(Surroundings around) {
        return find(around).open();
    }

    /// Looks for the launcher.
    ///
    /// @param configuration the settings
    /// @return what was found
    /// @throws org.porthole.ConfigurationException if the settings ask for a way that does not apply
    public static Found find(Configuration configuration) {
        return find(Surroundings.of(configuration));
    }

    private static Found find(Surroundings around) {
        Deadline deadline = Deadline.of(around.configuration());
        List<Launchers.Status> statuses = statuses(around);
        LOG.log(Level.DEBUG, () -> text(statuses));
        return new Found(ALL.get(statuses.size() - 1), around, deadline);
    }

    /// The launcher of this process.
    public static final class Found {
        private final Launcher launcher;
        private final Surroundings around;
        private final Deadline deadline;

        Found(Launcher launcher, Surroundings around, Deadline deadline) {
            this.launcher = launcher;
            this.around = around;
            this.deadline = deadline;
        }

        /// Ends this process when the launcher's daemon on this host has gone.
        public void watch() {
            String variable = launcher.rankVariable(around);
            if (!variable.isEmpty()) {
                OrphanWatch.start(around.environment(), variable);
            }
        }

        /// Makes this process ready to meet the others, who would wait for it otherwise.
        public void rehearse() {
            launcher.rehearse(around);
        }

        /// Learns rank and size from the launcher.
        ///
        /// @return the way to the peers, to be closed
        /// @throws org.porthole.ConfigurationException if the settings do not fit together
        /// @throws org.porthole.JoinException          if the launcher does not answer in time
        public Bootstrap open() {
            return launcher.open(around, deadline);
        }
    }

    /// What each way has to say, up to the one that is taken.
    ///
    /// @param configuration the settings
    /// @return at least one; the last is taken
    public static List<Launchers.Status> statuses(Configuration configuration) {
        return statuses(Surroundings.of(configuration));
    }

    static List<Launchers.Status> statuses(Surroundings around) {
        JoinMethod forced = around.configuration().value(CoreOptions.METHOD);
        List<Launchers.Status> statuses = new ArrayList<>();
        for (Launcher each : ALL) {
            Finding finding = forced == JoinMethod.AUTO || forced == each.method()
                    ? each.look(around)
                    : Finding.none("not asked, because of " + CoreOptions.METHOD.key());
            boolean taken = finding.applies();
            if (!taken && forced == each.method()) {
                throw new org.porthole.ConfigurationException(
                        CoreOptions.METHOD.key() + "=" + name(each) + " is set, but " + finding.words());
            }
            statuses.add(new Launchers.Status(name(each), taken, finding.words()));
            if (taken) {
                break;
            }
        }
        return List.copyOf(statuses);
    }

    private static String name(Launcher launcher) {
        return launcher.method().name().toLowerCase(Locale.ROOT);
    }

    private static String text(List<Launchers.Status> statuses) {
        StringJoiner text = new StringJoiner("; ", "joins by ", "");
        for (Launchers.Status each : statuses.reversed()) {
            text.add(each.method() + ": " + each.words());
        }
        return text.toString();
    }
}
