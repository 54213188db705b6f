package org.porthole.internal.window;

import java.lang.System.Logger.Level;
import java.util.Arrays;
import org.porthole.PeerFailedException;
import org.porthole.internal.route.Target;
import org.porthole.internal.window.GroupSync.Group;
import org.porthole.spi.Permit;

/// The access of a group epoch; the same object serves all of them.
public final class GroupAccess extends WindowAccess {
    private static final System.Logger LOG = System.getLogger(GroupAccess.class.getName());

    private final GroupSync sync;
    private final Group group;
    private final GroupSync.Arrivals posts;
    private final Target[] covered;
    private final Grants grants;
    /// Null if this rank has the window's keys.
    private final ExposureReach reach;

    GroupAccess(OpenWindow window, GroupSync sync) {
        super(window);
        this.sync = sync;
        covered = new Target[window.noTargets().length];
        Arrays.fill(covered, Target.NONE);
        group = new Group(covered.length);
        grants = new Grants(covered.length);
        posts = sync.posts(group);
        reach = window.isKeyed() ? new ExposureReach(window, sync) : null;
    }

    Group targets() {
        return group;
    }

    void start() {
        sync.start(group);
        posts.begin();
        try {
            posts.await();
            cover(window, group, covered);
            attach();
        } catch (RuntimeException e) {
            sync.unstart(group);
            letGo();
            throw e;
        }
        grants.cover(covered);
        for (int i = 0; i < group.size(); i++) {
            int rank = group.rank(i);
            Permit permit = sync.permit(rank);
            if (permit != null) {
                grants.limit(rank, permit, window.length(rank));
            }
        }
        begin(covered, grants);
    }

    private void attach() {
        for (int i = 0; reach != null && i < group.size(); i++) {
            int rank = group.rank(i);
            if (covered[rank].segment == null) {
                covered[rank] = reach.attach(rank);
            }
        }
    }

    private void letGo() {
        if (reach != null) {
            reach.close();
        }
    }

    /// A rank has gone. Any thread.
    void lose(int rank) {
        if (reach != null) {
            reach.lose(rank);
        }
    }

    /// The keys die with the exposures, and those may end once they are told: nothing must be under way then.
    private void flushReach() {
        for (int i = 0; reach != null && i < group.size(); i++) {
            try {
                covered[group.rank(i)].flushIfRemote();
            } catch (PeerFailedException e) {
                LOG.log(Level.DEBUG, "an access ends without a rank that failed", e); // closing says so
            }
        }
    }

    @Override
    Permit permit(int target) {
        return grants.permit(target);
    }

    static void cover(OpenWindow window, Group group, Target... covered) {
        Arrays.fill(covered, Target.NONE);
        window.refresh();
        for (int i = 0; i < group.size(); i++) {
            covered[group.rank(i)] = window.target(group.rank(i));
        }
    }

    @Override
    String describe() {
        return "access to a group of window \"" + window.name() + '"';
    }

    @Override
    public void close() {
        if (!isOpen()) {
            return;
        }
        try {
            flushReach();
        } finally {
            complete();
        }
    }

    private void complete() {
        PeerFailedException failure = sync.complete(group, covered);
        end();
        letGo();
        if (failure == null) {
            failure = sync.failure(group, this);
        }
        if (failure != null) {
            throw failure;
        }
    }
}
