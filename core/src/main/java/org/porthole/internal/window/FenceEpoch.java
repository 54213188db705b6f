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
        flushAll();
        window.sync(CollectiveKind.FENCE_NEXT);
        return this;
    }

    @Override
    public void close() {
        if (isOpen()) {
            flushAll();
            window.sync(CollectiveKind.FENCE_CLOSE);
            end();
        }
    }
}
