package org.porthole.internal.check;

import org.porthole.Exposure;

/// An exposure at whose end this rank hears the clocks of those that had access.
public final class CheckedExposure implements Exposure {
    private final CheckedWindow window;
    private Exposure inner;
    private int[] origins = {};
    private boolean open;

    CheckedExposure(CheckedWindow window) {
        this.window = window;
    }

    CheckedExposure begin(Exposure posted, int... to) {
        inner = posted;
        origins = to;
        open = true;
        return this;
    }

    private void end() {
        if (open) {
            open = false;
            synchronized (window.check()) {
                window.clocks().completed(origins);
            }
        }
    }

    @Override
    public boolean test() {
        boolean ended = inner.test();
        if (ended) {
            end();
        }
        return ended;
    }

    @Override
    public boolean isOpen() {
        return inner.isOpen();
    }

    @Override
    public void close() {
        inner.close();
        end();
    }
}
