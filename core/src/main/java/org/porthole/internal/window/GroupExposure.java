package org.porthole.internal.window;

import org.porthole.Exposure;
import org.porthole.internal.window.GroupSync.Group;
import org.porthole.spi.Permit;

/// The exposure of this rank's part to a group; the same object serves all of them.
public final class GroupExposure implements Exposure {
    private final OpenWindow window;
    private final GroupSync sync;
    private final Group origins;
    private final GroupSync.Arrivals completions;
    /// On this rank's own part, which it holds while it is exposed.
    private final TargetLock lock;

    /// What its origins reach the part by; null if they have the window's keys.
    private final PermitKeys keys;

    private boolean open;
    /// Whether nobody has it in his hands: the call that made it has failed. It ends by itself.
    private boolean forsaken;

    GroupExposure(OpenWindow window, GroupSync sync, TargetLock lock, PermitKeys keys, int size) {
        this.window = window;
        this.sync = sync;
        this.lock = lock;
        this.keys = keys;
        origins = new Group(size);
        completions = sync.completions(origins);
    }

    Group origins() {
        return origins;
    }

    /// @param permits by rank; none, [GroupSync#EVERYTHING], if all is allowed
    void post(Permit[] permits) {
        lock.lockExclusive();
        try {
            sync.post(origins, keys, permits);
        } catch (RuntimeException e) {
            // Who was told may come at any time.
            opened(true);
            endForsaken();
            throw e;
        }
        opened(false);
    }

    private void opened(boolean isForsaken) {
        completions.begin();
        forsaken = isForsaken;
        open = true;
    }

    private void endForsaken() {
        if (open && forsaken && completions.isReady()) {
            leave();
        }
    }

    String describe() {
        return "exposure of window \"" + window.name() + "\" to a group";
    }

    void end() {
        open = false;
        if (keys != null) {
            keys.close();
        }
    }

    @Override
    public boolean isOpen() {
        endForsaken();
        return open;
    }

    @Override
    public boolean test() {
        if (open) {
            if (!completions.isReady()) {
                return false;
            }
            leave();
            completions.requireAll();
        }
        return true;
    }

    @Override
    public void close() {
        if (open) {
            completions.await();
            leave();
            completions.requireAll();
        }
    }

    private void leave() {
        end();
        lock.unlockExclusive();
    }

    /// Lets those in who wait for the lock: the window closes.
    void abandon() {
        if (open) {
            leave();
        }
    }
}
