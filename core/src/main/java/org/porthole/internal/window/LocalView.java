package org.porthole.internal.window;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;
import org.porthole.Guard;
import org.porthole.TransportException;
import org.porthole.spi.Memory;
import org.porthole.spi.PageGuard;

/// The owner's view of its part of a window, alive while the owner holds the part, or until the memory is exchanged if nobody else reaches it.
///
/// Ending it closes its arena: from then on the Java VM refuses every access through the view and its slices. With [Guard#PAGES] the view is a mapping of
/// its own, which then shows nothing.
///
/// **Threads.** The view belongs to the thread that took it, unless it was taken for all.
final class LocalView {
    private final String windowName;
    private final Supplier<Memory> memory;
    private final long length;
    private final TargetLock lock;
    private final Guard guard;

    private boolean locked;
    private Arena arena;
    private MemorySegment view;
    /// The thread whose view it is; null if it is for all.
    private Thread owner;

    private Memory guarded;
    private PageGuard pages;

    /// @param memory what it is a view of when it is taken
    /// @param length how much of it
    /// @param lock   what the view holds; null if it needs none
    /// @param guard  what ends it
    LocalView(String windowName, Supplier<Memory> memory, long length, TargetLock lock, Guard guard) {
        this.windowName = windowName;
        this.memory = memory;
        this.length = length;
        this.lock = lock;
        this.guard = guard;
    }

    boolean isHeld() {
        return arena != null;
    }

    /// The view; a new one if there is none.
    ///
    /// @param forAll whether all threads may use it
    MemorySegment take(boolean forAll) {
        if (arena != null && owner != null && !owner.isAlive()) {
            forget();
        }
        if (arena == null) {
            hold();
            makeView(forAll);
        } else if (owner != null && forAll) {
            throw new IllegalStateException("a local view of window \"" + windowName + "\" for the thread "
                    + owner.getName() + " alone lives: expose() ends it");
        } else if (owner != null && owner != Thread.currentThread()) {
            throw otherThread("taken");
        }
        return view;
    }

    // The memory outlives the view: the window closes it after ending the view, and the view closes its arena at its
    // end.
    @SuppressWarnings({"restricted", "MustBeClosedChecker"})
    private void makeView(boolean forAll) {
        MemorySegment all = guard == Guard.PAGES ? openPages() : memory.get().segment();
        if (guard == Guard.NONE) {
            arena = Arena.global(); // never closed
            view = all.asSlice(0, length);
            return;
        }
        Arena made = forAll ? Arena.ofShared() : Arena.ofConfined();
        view = MemorySegment.ofAddress(all.address()).reinterpret(length, made, null);
        owner = forAll ? null : Thread.currentThread();
        arena = made;
    }

    private MemorySegment openPages() {
        Memory now = memory.get();
        if (!now.equals(guarded)) {
            closePages();
            pages = now.guard(windowName)
                    .orElseThrow(() -> new TransportException("window \"" + windowName + "\" cannot be guarded by "
                            + Guard.PAGES + ": its memory has one mapping only; shared memory (shm) has more"));
            guarded = now;
        }
        pages.open();
        return pages.segment();
    }

    /// Takes the part from peers without a view. A view that there is goes on.
    void hold() {
        if (lock != null && !locked) {
            lock.lockExclusive();
            locked = true;
        }
    }

    /// Ends the view, if there is one, and gives the part back to peers.
    ///
    /// @throws WrongThreadException  if another thread took it
    /// @throws IllegalStateException if it is in use by a system call
    void end() {
        endView();
        if (locked) {
            locked = false;
            lock.unlockExclusive();
        }
    }

    /// Ends the view, if there is one. What is held stays so.
    ///
    /// @throws WrongThreadException  if another thread took it
    /// @throws IllegalStateException if it is in use by a system call
    void endView() {
        if (arena == null) {
            return;
        }
        if (owner != null && !owner.isAlive()) {
            forget(); // nobody can touch it any more
            return;
        }
        if (owner != null && owner != Thread.currentThread()) {
            throw otherThread("ended");
        }
        try {
            if (guard != Guard.NONE) {
                arena.close();
            }
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
        if (pages != null) {
            pages.shut();
        }
    }

    /// Ends the view if this thread can; whether a living thread can still touch it afterwards.
    boolean isLost() {
        try {
            end();
            closePages();
            return false;
        } catch (WrongThreadException | IllegalStateException e) {
            return true;
        }
    }

    private void closePages() {
        if (pages != null) {
            pages.close();
            pages = null;
            guarded = null;
        }
    }

    private WrongThreadException otherThread(String what) {
        return new WrongThreadException(
                "the local view of window \"" + windowName + "\" can be " + what + " only by the thread that holds it, "
                        + owner.getName() + ", not by " + Thread.currentThread().getName());
    }
}
