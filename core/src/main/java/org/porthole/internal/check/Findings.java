package org.porthole.internal.check;

import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.porthole.RaceException;

/// The conflicts that were found, each said once.
///
/// **Threads.** One at a time.
final class Findings {
    /// The logger that conflicts are reported to.
    static final String LOGGER = "org.porthole.check";

    private static final System.Logger LOG = System.getLogger(LOGGER);

    private final boolean failing;
    private final Set<String> said = new HashSet<>();
    private List<String> fresh = new ArrayList<>();

    Findings(boolean failing) {
        this.failing = failing;
    }

    /// Whether a conflict is an exception.
    boolean isFailing() {
        return failing;
    }

    /// A conflict that this rank has found by itself.
    ///
    /// @param key  what makes it another than those before
    /// @param text the line that says so
    /// @throws RaceException if conflicts fail
    void found(String key, String text) {
        if (said.add(key)) {
            if (failing) {
                throw new RaceException(text);
            }
            LOG.log(Level.WARNING, text);
        }
    }

    /// A conflict found while ranks compare; fails once all of them know.
    void compared(String key, String text) {
        if (said.add(key)) {
            fresh.add(text);
            if (!failing) {
                LOG.log(Level.WARNING, text);
            }
        }
    }

    /// What the last comparison has found.
    List<String> takeFresh() {
        List<String> taken = fresh;
        fresh = new ArrayList<>();
        return taken;
    }
}
