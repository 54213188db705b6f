package org.porthole.cli.perf;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.porthole.Access;
import org.porthole.LockKind;
import org.porthole.Window;

/// The loops of exclusive locks on one rank. Rank 0 runs them.
final class LockKernels {
    private final Window window;
    private final int target;
    private final MemorySegment bytes;

    /// Prepares the loops.
    ///
    /// @param window the window, in no epoch of this rank
    /// @param target the rank that is locked
    /// @param local  at least 8 bytes here
    LockKernels(Window window, int target, MemorySegment local) {
        this.window = window;
        this.target = target;
        bytes = local.asSlice(0, 8);
    }

    /// Both of them, for warming up.
    List<Kernel> all() {
        return List.of(this::lockUnlock, this::lockPutUnlock);
    }

    void lockUnlock(int n) {
        for (int i = 0; i < n; i++) {
            window.lock(target, LockKind.EXCLUSIVE).close();
        }
    }

    void lockPutUnlock(int n) {
        for (int i = 0; i < n; i++) {
            try (Access access = window.lock(target, LockKind.EXCLUSIVE)) {
                access.put(target, 0, bytes);
            }
        }
    }
}
