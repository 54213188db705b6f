package org.porthole.internal.window;

import org.porthole.AccessRefusedException;
import org.porthole.Right;
import org.porthole.internal.collective.TeamContext;
import org.porthole.internal.route.Target;
import org.porthole.spi.Permit;

/// What the fast path of an operation does not find, or why it finds nothing.
final class SlowReach {
    private final OpenWindow window;
    private final TeamContext context;
    private final long[] lengths;
    /// Null unless the window is dynamic.
    private final Attachments attachments;

    SlowReach(OpenWindow window, TeamContext context, long[] lengths, Attachments attachments) {
        this.window = window;
        this.context = context;
        this.lengths = lengths;
        this.attachments = attachments;
    }

    /// The attached memory that a range lies in, where the window is dynamic; a range that is allowed, where not all is.
    ///
    /// @param target what the access covers, whatever is allowed there
    /// @param right  what the operation takes; null if nothing
    /// @throws RuntimeException saying why an access does not reach the range
    Target find(CoveredTargets access, Target target, Right right, int rank, long offset, long length) {
        Permit permit = access.isOpen() && right != null ? access.permit(rank) : null;
        if (permit != null && target.limit >= 0) {
            if ((offset | lengths[rank] - length - offset) < 0) {
                throw outside(rank, offset, length);
            }
            if (!permit.allows(right, offset, length)) {
                throw notGranted(permit, right, rank, offset, length);
            }
            return target;
        }
        if (attachments != null && access.isOpen() && target != Target.NONE && target.limit >= 0) {
            Target found = attachments.find(rank, offset, length);
            if (found != null) {
                return found;
            }
        }
        throw refusal(access, target, rank, offset, length);
    }

    private RuntimeException refusal(CoveredTargets access, Target target, int rank, long offset, long length) {
        if (!access.isOpen()) {
            return window.closed(access);
        }
        if (target == Target.NONE) {
            return new IllegalStateException("rank " + rank + " is not covered by the " + access.describe());
        }
        if (target.limit < 0) {
            return gone(rank);
        }
        if (attachments != null) {
            return new IndexOutOfBoundsException(
                    length + " bytes at offset " + offset + " are not all in one memory attached to " + part(rank));
        }
        return outside(rank, offset, length);
    }

    RuntimeException gone(int rank) {
        return context.membership()
                .failure(rank, "rank " + context.rank() + " reaches for its part of window \"" + window.name() + '"');
    }

    private IndexOutOfBoundsException outside(int rank, long offset, long length) {
        return new IndexOutOfBoundsException(
                length + " bytes at offset " + offset + " leave " + part(rank) + ", which has " + lengths[rank]);
    }

    private AccessRefusedException notGranted(Permit permit, Right right, int rank, long offset, long length) {
        return new AccessRefusedException("rank " + context.rank() + " may not " + right + " " + length
                + " bytes at offset " + offset + " of " + part(rank) + ": its exposure allows " + permit.describe()
                + " on bytes " + permit.from() + " to " + permit.to());
    }

    private String part(int rank) {
        return "rank " + rank + "'s part of window \"" + window.name() + '"';
    }
}
