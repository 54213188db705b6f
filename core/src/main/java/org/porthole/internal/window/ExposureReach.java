package org.porthole.internal.window;

import java.nio.ByteBuffer;
import org.porthole.internal.collective.TeamContext;
import org.porthole.internal.route.Target;

/// What a rank attaches for the length of one access, since its targets' exposures have keys of their own.
///
/// **Threads.** Any.
final class ExposureReach {
    private final OpenWindow window;
    private final TeamContext context;
    private final GroupSync sync;
    /// By rank; null where nothing is attached.
    private final Target[] attached;

    ExposureReach(OpenWindow window, GroupSync sync) {
        this.window = window;
        this.sync = sync;
        context = window.context();
        attached = new Target[window.noTargets().length];
    }

    /// Attaches by the keys that a rank has posted.
    synchronized Target attach(int rank) {
        attached[rank] = context.attach(rank, ByteBuffer.wrap(sync.keys(rank)), window.length(rank));
        if (context.membership().isGone(rank)) {
            lose(rank);
        }
        return attached[rank];
    }

    /// A rank has gone.
    synchronized void lose(int rank) {
        if (attached[rank] != null) {
            attached[rank].limit = -1;
        }
    }

    /// Lets go of everything.
    synchronized void close() {
        for (int rank = 0; rank < attached.length; rank++) {
            if (attached[rank] != null) {
                attached[rank].close();
                attached[rank] = null;
            }
        }
    }
}
