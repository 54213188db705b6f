package org.porthole.internal.window;

import org.porthole.Epoch;
import org.porthole.internal.route.Target;
import org.porthole.internal.window.GroupSync.Group;

/// A group epoch in which the neighbours both expose and access: post and start as one, complete and wait as one.
public final class GroupEpoch extends WindowAccess implements Epoch {
    private final GroupSync sync;
    private final Group group;
    private final GroupSync.Arrivals posts;
    private final GroupSync.Arrivals completions;
    private final Target[] covered;
    /// On this rank's own part, which it holds while it is exposed.
    private final TargetLock lock;

    GroupEpoch(OpenWindow window, GroupSync sync, TargetLock lock) {
        super(window);
        this.sync = sync;
        this.lock = lock;
        covered = new Target[window.noTargets().length];
        group = new Group(covered.length);
        posts = sync.posts(group);
        completions = sync.completions(group);
    }

    Group neighbours() {
        return group;
    }

    void exchange() {
        lock.lockExclusive();
        try {
            open();
        } catch (RuntimeException e) {
            lock.unlockExclusive();
            throw e;
        }
        GroupAccess.cover(window, group, covered);
        begin(covered);
    }

    private void open() {
        sync.post(group);
        sync.start(group);
        posts.begin();
        posts.await();
    }

    private void complete() {
        announce();
        completions.begin();
        completions.await();
    }

    private void announce() {
        for (int i = 0; i < group.size(); i++) {
            sync.complete(group.rank(i));
        }
        for (Target target : covered) {
            target.flushLocal();
        }
    }

    /// Completes this rank's access without waiting for those of the others: the window closes.
    void abandon() {
        if (isOpen()) {
            announce();
            leave();
        }
    }

    private void leave() {
        end();
        lock.unlockExclusive();
    }

    @Override
    String describe() {
        return "exchange with a group of window \"" + window.name() + '"';
    }

    @Override
    public Epoch next() {
        requireOpen();
        complete();
        open();
        return this;
    }

    @Override
    public void close() {
        if (isOpen()) {
            complete();
            leave();
        }
    }
}
