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
        if (open && !inner.isOpen()) {
            open = false;
            synchronized (window.check()) {
                window.clocks().completed(origins);
            }
        }
    }

    @Override
    public boolean test() {
        try {
            return inner.test();
        } finally { // it may end, and say that a rank has died
            end();
        }
    }

    @Override
    public boolean isOpen() {
        return inner.isOpen();
    }

    @Override
    public void close() {
        try {
            inner.close();
        } finally {
            end();
        }
    }
}
