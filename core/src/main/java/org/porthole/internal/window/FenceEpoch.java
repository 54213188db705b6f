package org.porthole.internal.window;

import org.porthole.Epoch;
import org.porthole.internal.collective.CollectiveKind;

/// A fence epoch of one window; the same object serves all of them.
public final class FenceEpoch extends WindowAccess implements Epoch {
    FenceEpoch(OpenWindow window) {
        super(window);
    }

    @Override
    String describe() {
        return "fence epoch of window \"" + window.name() + '"';
    }

    @Override
    public Epoch next() {
        flush(CollectiveKind.FENCE_NEXT);
        window.sync(CollectiveKind.FENCE_NEXT);
        return this;
    }

    @Override
    public void close() {
        if (isOpen()) {
            flush(CollectiveKind.FENCE_CLOSE);
            window.sync(CollectiveKind.FENCE_CLOSE);
            end();
        }
    }

    /// A rank that cannot complete its operations does not arrive, and no collective of the team can follow.
    private void flush(CollectiveKind before) {
        requireOpen();
        try {
            flushBeforeArrival();
        } catch (RuntimeException e) {
            window.fail(before, e);
            throw e;
        }
    }
}
