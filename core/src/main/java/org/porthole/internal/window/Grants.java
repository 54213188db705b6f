package org.porthole.internal.window;

import java.util.Arrays;
import org.porthole.ExposureSpec;
import org.porthole.Grant;
import org.porthole.Right;
import org.porthole.internal.route.Target;
import org.porthole.spi.Permit;

/// What the exposures that an access rests on allow it, kept from epoch to epoch: for each right the targets on which all may be done with it, so that
/// rights cost the fast path nothing.
///
/// **Threads.** One at a time.
final class Grants {
    private final Target[] readable;
    private final Target[] writable;
    private final Target[] atomic;
    private final Permit[] permits;

    Grants(int size) {
        readable = new Target[size];
        writable = new Target[size];
        atomic = new Target[size];
        permits = new Permit[size];
    }

    /// What each rank is granted of a part, cut to it; null for those that are not named.
    ///
    /// @param ranks  how many there are
    /// @param length how much there is
    static Permit[] permits(ExposureSpec spec, int ranks, long length) {
        Permit[] permits = new Permit[ranks];
        for (Grant grant : spec.grants()) {
            long from = Math.min(grant.offset(), length);
            permits[grant.rank()] = Permit.of(grant.rights(), from, from + Math.min(grant.length(), length - from));
        }
        return permits;
    }

    /// Grants everything that is covered.
    void cover(Target... covered) {
        Arrays.fill(permits, null);
        System.arraycopy(covered, 0, readable, 0, covered.length);
        System.arraycopy(covered, 0, writable, 0, covered.length);
        System.arraycopy(covered, 0, atomic, 0, covered.length);
    }

    /// Grants less on one target.
    ///
    /// @param length how much there is
    void limit(int rank, Permit permit, long length) {
        boolean whole = permit.from() == 0 && permit.to() == length;
        permits[rank] = permit;
        for (Right right : Right.values()) {
            if (!whole || !permit.allows(right)) {
                allowing(right)[rank] = Target.NONE;
            }
        }
    }

    Target[] allowing(Right right) {
        return switch (right) {
            case READ -> readable;
            case WRITE -> writable;
            case ATOMIC -> atomic;
        };
    }

    /// What one target allows; null if all.
    Permit permit(int rank) {
        return permits[rank];
    }
}
