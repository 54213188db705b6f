package org.porthole;

import java.util.Objects;

/// What one rank asks for when its team opens a window. Immutable.
///
/// @param byteSize      how much memory this rank exposes, in bytes; zero is allowed, above 2 GiB too; may differ between ranks
/// @param name          what diagnostics call the window; the same on all ranks; empty for a number
/// @param notifications how many counters each rank has, `0 <= notifications <=` [#MAX_NOTIFICATIONS]; the same on all ranks
/// @param bulkAtomics   whether all atomics on a rank's part take turns; the same on all ranks
/// @param policy        who keeps the owner's hands off; the same on all ranks
public record WindowSpec(long byteSize, String name, int notifications, boolean bulkAtomics, ExposurePolicy policy) {
    /// Longest name, in characters.
    public static final int MAX_NAME_LENGTH = 64;

    /// Most counters of one window and rank.
    public static final int MAX_NOTIFICATIONS = 1 << 20;

    /// Checks the fields.
    ///
    /// @throws IllegalArgumentException if `byteSize` is negative, `name` longer than [#MAX_NAME_LENGTH], or `notifications` out of range
    public WindowSpec {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(policy, "policy");
        if (byteSize < 0) {
            throw new IllegalArgumentException("a window cannot have " + byteSize + " bytes");
        }
        if (name.length() > MAX_NAME_LENGTH) {
            throw new IllegalArgumentException("window name of " + name.length() + " characters; at most "
                    + MAX_NAME_LENGTH + " are allowed: " + name);
        }
        if (notifications < 0 || notifications > MAX_NOTIFICATIONS) {
            throw new IllegalArgumentException(
                    "a window with " + notifications + " notifications; 0 to " + MAX_NOTIFICATIONS + " are possible");
        }
    }

    /// A window of memory that Porthole allocates, page-aligned and zeroed.
    ///
    /// @param byteSize this rank's share, in bytes, `>= 0`
    /// @return the request
    public static WindowSpec ofBytes(long byteSize) {
        return new WindowSpec(byteSize, "", 0, false, ExposurePolicy.DONT_TOUCH);
    }

    /// The same request under a name.
    ///
    /// @param newName what diagnostics call the window, at most [#MAX_NAME_LENGTH] characters
    /// @return the request
    public WindowSpec named(String newName) {
        return new WindowSpec(byteSize, newName, notifications, bulkAtomics, policy);
    }

    /// The same request with counters for notified puts.
    ///
    /// @param count how many each rank has, `0 <= count <=` [#MAX_NOTIFICATIONS]
    /// @return the request
    public WindowSpec withNotifications(int count) {
        return new WindowSpec(byteSize, name, count, bulkAtomics, policy);
    }

    /// The same request for a window on which much is accumulated: atomics on one rank's part take turns under one lock, which makes long
    /// ones about ten times faster, and short ones slower by a few nanoseconds.
    ///
    /// @return the request
    public WindowSpec withBulkAtomics() {
        return new WindowSpec(byteSize, name, notifications, true, policy);
    }

    /// The same request under another policy.
    ///
    /// @param newPolicy who keeps the owner's hands off
    /// @return the request
    public WindowSpec withPolicy(ExposurePolicy newPolicy) {
        return new WindowSpec(byteSize, name, notifications, bulkAtomics, newPolicy);
    }
}
