package org.porthole.internal.window;

/// What one rank is doing with a window, in words that a refusal names; null where it is nothing. Which epochs go together is decided by who asks for which
/// of these.
///
/// @param locks by target; null until one is locked for the first time
@SuppressWarnings("ArrayRecordComponent") // never compared
record Occupation(
        FenceEpoch fence,
        LockAllAccess lockAll,
        GroupEpoch groupEpoch,
        GroupAccess groupAccess,
        GroupExposure exposure,
        LockAccess[] locks,
        Leasing leasing) {
    /// Anything.
    String any() {
        String leased = leasing.busy();
        return leased != null ? leased : butLeases();
    }

    /// What a local view is in the way of: all but accesses by lease, which go to other parts.
    String own() {
        String leased = leasing.busyAsOwner();
        return leased != null ? leased : butLeases();
    }

    /// All but leases, given and taken.
    String butLeases() {
        String other = epoch();
        return other != null ? other : lock();
    }

    /// All but locks on single ranks.
    String butLocks() {
        String leased = leasing.busy();
        return leased != null ? leased : epoch();
    }

    /// All but exposures.
    String access() {
        if (fence.isOpen() || lockAll.isOpen() || groupEpoch.isExposed() || groupAccess.isOpen()) {
            return epoch();
        }
        return lock();
    }

    private String epoch() {
        if (fence.isOpen()) {
            return fence.describe();
        }
        if (lockAll.isOpen()) {
            return lockAll.describe();
        }
        if (groupEpoch.isExposed()) {
            return groupEpoch.describe();
        }
        if (groupAccess.isOpen()) {
            return groupAccess.describe();
        }
        return exposure.isOpen() ? exposure.describe() : null;
    }

    private String lock() {
        for (LockAccess access : locks) {
            if (access != null && access.isOpen()) {
                return access.describe();
            }
        }
        return null;
    }
}
