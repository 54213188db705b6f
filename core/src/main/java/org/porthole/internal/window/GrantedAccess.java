package org.porthole.internal.window;

import java.util.Arrays;
import org.porthole.internal.route.Target;
import org.porthole.spi.Permit;

/// What one lease lets this rank reach; see [LeaseAccess], which announces what is done with it.
final class GrantedAccess extends WindowAccess {
    private final int target;
    private final Permit permit;

    GrantedAccess(OpenWindow window, int target, Permit permit, Target reached) {
        super(window);
        this.target = target;
        this.permit = permit;
        Target[] covered = new Target[window.noTargets().length];
        Arrays.fill(covered, Target.NONE);
        covered[target] = reached;
        Grants grants = new Grants(covered.length);
        grants.cover(covered);
        grants.limit(target, permit, window.length(target));
        begin(covered, grants);
    }

    @Override
    Permit permit(int rank) {
        return rank == target ? permit : null;
    }

    /// A rank has gone, of which something was attached for this access alone.
    void lose(int rank, Target attached) {
        if (rank == target) {
            attached.limit = -1;
        }
    }

    @Override
    String describe() {
        return "access by lease to rank " + target + "'s part of window \"" + window.name() + '"';
    }

    @Override
    public void close() {
        if (isOpen()) {
            flushAll();
            end();
        }
    }
}
