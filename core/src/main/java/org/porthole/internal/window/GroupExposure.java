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
    private boolean open;

    GroupExposure(OpenWindow window, GroupSync sync, int size) {
        this.window = window;
        this.sync = sync;
        origins = new Group(size);
        completions = sync.completions(origins);
    }

    Group origins() {
        return origins;
    }

    void post(Permit... permits) {
        sync.post(origins, permits);
        completions.begin();
        open = true;
    }

    String describe() {
        return "exposure of window \"" + window.name() + "\" to a group";
    }

    void end() {
        open = false;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean test() {
        if (open) {
            if (!completions.isReady()) {
                completions.checkPeers();
                return false;
            }
            open = false;
        }
        return true;
    }

    @Override
    public void close() {
        if (open) {
            completions.await();
            open = false;
        }
    }
}
