package org.porthole.internal.window;

import org.porthole.Access;
import org.porthole.Epoch;
import org.porthole.Exposure;
import org.porthole.spi.Permit;

/// The group epochs of one window, and which of them go together.
///
/// **Threads.** One at a time.
final class Groups {
    private final OpenWindow window;
    private final OwnPart own;
    private final GroupExposure exposure;
    private final GroupAccess access;
    private final GroupEpoch epoch;

    Groups(OpenWindow window, GroupSync sync, TargetLock lock, OwnPart own, PermitKeys keys) {
        this.window = window;
        this.own = own;
        exposure = new GroupExposure(window, sync, lock, keys, window.noTargets().length);
        access = new GroupAccess(window, sync);
        epoch = new GroupEpoch(window, sync, lock);
    }

    GroupExposure exposure() {
        return exposure;
    }

    GroupAccess access() {
        return access;
    }

    GroupEpoch epoch() {
        return epoch;
    }

    Exposure post(Permit[] permits, int... origins) {
        window.requireOpen();
        if (!access.isOpen()) {
            window.requireNone("post", window.occupation().any());
        } else if (exposure.isOpen()) {
            window.requireNone("post", exposure.describe());
        }
        exposure.origins().set(window, origins);
        requireAlive(origins);
        own.open();
        exposure.post(permits);
        return exposure;
    }

    private void requireAlive(int... ranks) {
        for (int rank : ranks) {
            window.requireAlive(rank);
        }
    }

    Access start(int... targets) {
        window.requireOpen();
        if (!exposure.isOpen()) {
            window.requireNone("start an access to", window.occupation().any());
        } else if (access.isOpen()) {
            window.requireNone("start an access to", access.describe());
        }
        access.targets().set(window, targets);
        requireAlive(targets);
        access.start();
        return access;
    }

    Epoch exchange(int... neighbours) {
        window.requireKeysForAll("begin an exchange of");
        window.requireNone("begin an exchange of", window.occupation().any());
        epoch.neighbours().set(window, neighbours);
        requireAlive(neighbours);
        own.open();
        epoch.exchange();
        return epoch;
    }

    /// Lets those go on that wait for this rank: the window closes.
    void abandon() {
        Locks.close(access);
        epoch.abandon();
        exposure.abandon();
    }

    /// Ends all of them without any of that.
    void shut() {
        epoch.shut();
        access.end();
        exposure.end();
    }
}
