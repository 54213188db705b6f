package org.porthole.internal.window;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The owner's view of its part of a window, alive while the owner holds the part.
///
/// Ending it closes its arena: from then on the Java VM refuses every access through the view and its slices.
///
/// **Threads.** The view belongs to the thread that took it.
final class LocalView {
    private final String windowName;
    private final MemorySegment memory;
    private final TargetLock lock;

    private Arena arena;
    private MemorySegment view;
    private Thread owner;

    LocalView(String windowName, MemorySegment memory, TargetLock lock) {
        this.windowName = windowName;
        this.memory = memory;
        this.lock = lock;
    }

    boolean isHeld() {
        return arena != null;
    }

    // The memory outlives the view: the window closes it after ending the view, and the view closes its arena at its
    // end.
    @SuppressWarnings({"restricted", "MustBeClosedChecker"})
    MemorySegment take() {
        if (arena != null && !owner.isAlive()) {
            forget();
        }
        if (arena == null) {
            lock.lockExclusive();
            arena = Arena.ofConfined();
            view = MemorySegment.ofAddress(memory.address()).reinterpret(memory.byteSize(), arena, null);
            owner = Thread.currentThread();
        } else if (owner != Thread.currentThread()) {
            throw otherThread("taken");
        }
        return view;
    }

    /// Ends the view, if there is one.
    ///
    /// @throws WrongThreadException  if another thread took it
    /// @throws IllegalStateException if it is in use by a system call
    void end() {
        if (arena == null) {
            return;
        }
        if (!owner.isAlive()) {
            forget(); // nobody can touch it any more
            return;
        }
        if (owner != Thread.currentThread()) {
            throw otherThread("ended");
        }
        try {
            arena.close();
        } catch (IllegalStateException e) {
            throw new IllegalStateException(
                    "the local view of window \"" + windowName + "\" cannot end: " + e.getMessage(), e);
        }
        forget();
    }

    private void forget() {
        arena = null;
        view = null;
        owner = null;
        lock.unlockExclusive();
    }

    /// Ends the view if this thread can; whether a living thread can still touch it afterwards.
    boolean isLost() {
        try {
            end();
            return false;
        } catch (WrongThreadException | IllegalStateException e) {
            return true;
        }
    }

    private WrongThreadException otherThread(String what) {
        return new WrongThreadException(
                "the local view of window \"" + windowName + "\" can be " + what + " only by the thread that holds it, "
                        + owner.getName() + ", not by " + Thread.currentThread().getName());
    }
}
