package org.porthole.internal.check;

import java.util.ArrayList;
import java.util.List;
import org.porthole.config.CheckAction;
import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;

/// What one rank of a job needs to find conflicting accesses, whatever the window. Its monitor guards all that is taken down.
final class RaceCheck {
    final Clock clock;
    final CallSites sites = new CallSites();
    final Findings findings;
    final BufferLedger buffers;
    /// Those that are open.
    final List<CheckedWindow> windows = new ArrayList<>();

    RaceCheck(Configuration configuration, int rank, int size) {
        clock = new Clock(size, rank);
        findings = new Findings(configuration.value(CoreOptions.CHECK_ACTION) == CheckAction.FAIL);
        buffers = new BufferLedger(findings);
    }
}
