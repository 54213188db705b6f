package org.porthole.internal.window;

import java.lang.foreign.MemorySegment;
import org.porthole.ExposurePolicy;
import org.porthole.Guard;
import org.porthole.WindowSpec;
import org.porthole.spi.LoadStore;

/// A rank's own part of a window in its hands, or given to peers: under each policy the view that it may have, and the lock that keeps peers away.
///
/// **Threads.** One at a time; a view's own where it says so.
final class OwnPart {
    private final ExposurePolicy policy;
    private final Parts parts;
    private final int rank;
    private final long length;
    private final LocalView view;
    /// Keeps peers from a staged part, of which there is never a view.
    private final LocalView staged;

    OwnPart(WindowSpec spec, Parts parts, int rank, long length, TargetLock lock) {
        String name = spec.name();
        policy = spec.policy();
        this.parts = parts;
        this.rank = rank;
        this.length = length;
        view = policy == ExposurePolicy.STAGED
                ? new LocalView(name, parts::hiddenMemory, length, null, Guard.SCOPE)
                : new LocalView(name, parts::exposedMemory, length, lock, spec.guard());
        staged = new LocalView(name, parts::exposedMemory, 0, lock, Guard.NONE);
    }

    /// The view of it that the window's policy allows.
    MemorySegment view(OpenWindow window, boolean forAll) {
        if (policy == ExposurePolicy.UNGUARDED) {
            window.requireOpen();
            return window.target(rank).segment.asSlice(0, length);
        }
        if (policy == ExposurePolicy.NEVER_TOUCH) {
            throw new IllegalStateException("window \"" + window.name() + "\" has no local view: its policy is "
                    + policy + "; rank " + rank + " puts and gets its own part, as target " + rank);
        }
        if (policy == ExposurePolicy.STAGED) {
            window.requireOpen();
        } else if (!view.isHeld()) {
            window.requireNone("take the local view of", window.occupation().own());
        }
        return view.take(forAll);
    }

    /// Opens the part to peers. A view of what peers do not reach goes on.
    void open() {
        if (policy == ExposurePolicy.STAGED) {
            staged.end();
        } else {
            view.end();
        }
    }

    /// Takes the part from peers, without a view of it.
    void hold() {
        if (policy == ExposurePolicy.STAGED) {
            staged.hold();
        } else {
            view.endView();
            view.hold();
        }
    }

    /// Exchanges the two memories of a staged part.
    void stage(boolean copyBack) {
        view.end();
        staged.hold();
        try {
            parts.exchange();
        } finally {
            staged.end();
        }
        if (copyBack) {
            LoadStore.copy(
                    parts.exposedMemory().segment(), 0, parts.hiddenMemory().segment(), 0, length);
        }
    }

    /// Ends the view; peers are still kept away.
    void endView() {
        view.endView();
    }

    /// Ends the view, and lets go of the part.
    void end() {
        view.end();
        staged.end();
    }

    /// Ends the view if this thread can; whether a living thread can still touch it afterwards.
    boolean isLost() {
        return view.isLost();
    }
}
