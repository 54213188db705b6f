package org.porthole.cli.perf;

import java.lang.foreign.MemorySegment;
import org.porthole.Epoch;
import org.porthole.ExposurePolicy;
import org.porthole.Guard;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// A way to keep the owner's hands off while its part is exposed, or not to need to.
enum ExposureScheme {
    NEVER_TOUCH("NEVER_TOUCH", ExposurePolicy.NEVER_TOUCH, Guard.SCOPE),
    SCOPE("DONT_TOUCH, scope", ExposurePolicy.DONT_TOUCH, Guard.SCOPE),
    SCOPE_SHARED("DONT_TOUCH, scope for all threads", ExposurePolicy.DONT_TOUCH, Guard.SCOPE),
    PAGES("DONT_TOUCH, pages", ExposurePolicy.DONT_TOUCH, Guard.PAGES),
    NONE("DONT_TOUCH, none", ExposurePolicy.DONT_TOUCH, Guard.NONE),
    STAGED("STAGED", ExposurePolicy.STAGED, Guard.SCOPE),
    UNGUARDED("UNGUARDED", ExposurePolicy.UNGUARDED, Guard.SCOPE);

    private final String shown;
    private final ExposurePolicy policy;
    private final Guard guard;

    ExposureScheme(String shown, ExposurePolicy policy, Guard guard) {
        this.shown = shown;
        this.policy = policy;
        this.guard = guard;
    }

    String shown() {
        return shown;
    }

    WindowSpec spec(long byteSize) {
        return WindowSpec.ofBytes(byteSize).withPolicy(policy).withGuard(guard);
    }

    /// Whether the pages of the owner's view are others after each epoch, so that their first touch costs a page fault.
    boolean mapsAnew() {
        return this == PAGES;
    }

    /// From work in hand to exposed.
    Epoch begin(Window window) {
        if (this == STAGED) {
            window.stage();
        }
        return window.fence();
    }

    /// From exposed to work in hand.
    ///
    /// @return what is worked on; null if it is put and got
    MemorySegment end(Window window, Epoch epoch) {
        epoch.close();
        return switch (this) {
            case NEVER_TOUCH -> null;
            case SCOPE_SHARED -> window.localShared();
            default -> window.local();
        };
    }
}
