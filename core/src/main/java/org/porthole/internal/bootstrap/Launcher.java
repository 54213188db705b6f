package org.porthole.internal.bootstrap;

import org.porthole.config.JoinMethod;

/// One way of being launched: what it leaves in a process's surroundings, and how the ranks find each other from there. One class per way.
///
/// **Threads.** One.
interface Launcher {
    /// What `porthole.job.method` calls it.
    JoinMethod method();

    /// The variable that tells this rank from the others, and whose absence tells the launcher's own processes from those that it starts.
    ///
    /// @param around what there is to see
    /// @return its name; empty if there are no processes of the launcher above this one
    String rankVariable(Surroundings around);

    /// Looks for its traces, and whether what it needs is there. Asks no other process, so that one rank may look alone.
    ///
    /// @param around what there is to see
    /// @return what was found
    Finding look(Surroundings around);

    /// Runs what [#open(Surroundings, Deadline)] will need for the first time, where others wait for this rank in there. Asks no other process either.
    ///
    /// @param around what there is to see
    default void rehearse(Surroundings around) {}

    /// Learns rank and size, and how to reach the peers. Only after [#look(Surroundings)] found that it applies.
    ///
    /// @param around   what there is to see
    /// @param deadline when to give up
    /// @return the way to the peers, to be closed
    /// @throws org.porthole.ConfigurationException if a setting is missing, or does not fit what the launcher says
    /// @throws org.porthole.JoinException          if the launcher does not answer in time, or says something that cannot be
    Bootstrap open(Surroundings around, Deadline deadline);
}
