package org.porthole.internal.window;

import java.util.Arrays;
import org.porthole.PeerFailedException;
import org.porthole.internal.route.Target;
import org.porthole.internal.window.GroupSync.Group;
import org.porthole.spi.Permit;

/// The access of a group epoch; the same object serves all of them.
public final class GroupAccess extends WindowAccess {
    private final GroupSync sync;
    private final Group group;
    private final GroupSync.Arrivals posts;
    private final Target[] covered;
    private final Grants grants;

    GroupAccess(OpenWindow window, GroupSync sync) {
        super(window);
        this.sync = sync;
        covered = new Target[window.noTargets().length];
        Arrays.fill(covered, Target.NONE);
        group = new Group(covered.length);
        grants = new Grants(covered.length);
        posts = sync.posts(group);
    }

    Group targets() {
        return group;
    }

    void start() {
        sync.start(group);
        posts.begin();
        try {
            posts.await();
        } catch (RuntimeException e) {
            sync.unstart(group);
            throw e;
        }
        cover(window, group, covered);
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
        PeerFailedException failure = sync.complete(group, covered);
        end();
        if (failure == null) {
            failure = sync.failure(group, this);
        }
        if (failure != null) {
            throw failure;
        }
    }
}
