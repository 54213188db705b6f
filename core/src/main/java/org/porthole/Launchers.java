package org.porthole;

import java.util.List;
import org.porthole.config.Configuration;
import org.porthole.internal.bootstrap.Bootstraps;

/// What `porthole info` shows: the ways in which a process may have been launched as a rank of a job, and which of them it takes.
public final class Launchers {
    private Launchers() {}

    /// What one way has to say.
    ///
    /// @param method what `porthole.job.method` calls it
    /// @param taken  whether this process joins that way
    /// @param words  who it is then; why not otherwise
    public record Status(String method, boolean taken, String words) {}

    /// Asks each way in turn, up to the one that is taken. No other process is asked: it may be called by one rank alone.
    ///
    /// @param configuration the settings
    /// @return at least one; the last is taken
    /// @throws ConfigurationException if the settings ask for a way that does not apply
    public static List<Status> statuses(Configuration configuration) {
        return Bootstraps.statuses(configuration);
    }
}
