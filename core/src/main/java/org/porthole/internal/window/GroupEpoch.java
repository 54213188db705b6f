package org.porthole.internal.window;

import java.lang.System.Logger.Level;
import java.util.Arrays;
import org.porthole.Epoch;
import org.porthole.PeerFailedException;
import org.porthole.internal.route.Target;
import org.porthole.internal.window.GroupSync.Group;

/// A group epoch in which the neighbours both expose and access: post and start as one, complete and wait as one.
public final class GroupEpoch extends WindowAccess implements Epoch {
    private static final System.Logger LOG = System.getLogger(GroupEpoch.class.getName());

    private final GroupSync sync;
    private final Group group;
    private final GroupSync.Arrivals posts;
    private final GroupSync.Arrivals completions;
    private final Target[] covered;
    /// On this rank's own part, which it holds while it is exposed.
    private final TargetLock lock;
    private boolean exposed;

    GroupEpoch(OpenWindow window, GroupSync sync, TargetLock lock) {
        super(window);
        this.sync = sync;
        this.lock = lock;
        covered = new Target[window.noTargets().length];
        Arrays.fill(covered, Target.NONE);
        group = new Group(covered.length);
        posts = sync.posts(group);
        completions = sync.completions(group);
    }

    Group neighbours() {
        return group;
    }

    void exchange() {
        lock.lockExclusive();
        exposed = true;
        meet();
        GroupAccess.cover(window, group, covered);
        begin(covered);
    }

    /// Exposes this rank's part to the neighbours, and waits until they have exposed theirs.
    private void meet() {
        try {
            try {
                sync.post(group);
            } finally {
                sync.start(group); // who was told expects this rank
            }
            posts.begin();
            posts.await();
        } catch (RuntimeException e) {
            withdraw(e);
            throw e;
        }
    }

    /// The epoch does not begin here; but it has for the neighbours that were told. They need not wait for this rank, which waits for them only if
    /// nothing else is wrong than that another has died.
    private void withdraw(RuntimeException why) {
        end();
        completions.begin();
        try {
            announce();
            if (why instanceof PeerFailedException) {
                completions.await();
            }
            endForsaken();
        } catch (RuntimeException e) {
            why.addSuppressed(e);
        }
    }

    private void endForsaken() {
        if (exposed && !isOpen() && completions.isReady()) {
            leave();
        }
    }

    /// Whether the neighbours may reach this rank's part: in an epoch, and after one that failed to begin until they have completed it.
    boolean isExposed() {
        endForsaken();
        return exposed;
    }

    private void announce() {
        PeerFailedException failure = sync.complete(group, covered);
        if (failure != null) {
            LOG.log(Level.DEBUG, "an exchange ends without a neighbour that has failed", failure);
        }
    }

    /// Completes this rank's access without waiting for those of the others: the window closes.
    void abandon() {
        if (exposed) {
            announce();
            leave();
        }
    }

    /// Without any of that.
    void shut() {
        end();
        exposed = false;
    }

    private void leave() {
        end();
        exposed = false;
        lock.unlockExclusive();
    }

    @Override
    String describe() {
        return "exchange with a group of window \"" + window.name() + '"';
    }

    @Override
    public Epoch next() {
        requireOpen();
        finish(false);
        meet();
        return this;
    }

    @Override
    public void close() {
        if (isOpen()) {
            finish(true);
        }
    }

    private void finish(boolean leaving) {
        announce();
        completions.begin();
        completions.await();
        if (leaving || completions.hasFailed()) {
            leave();
        }
        completions.requireAll();
    }
}
