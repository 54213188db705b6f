package org.porthole.internal.window;

/// What one rank is doing with a window, in words that a refusal names; null where it is nothing. Which epochs go together is decided by who asks for which
/// of these.
record Occupation(FenceEpoch fence, Groups groups, Locks locks, Leasing leasing) {
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
        return other != null ? other : locks.describe();
    }

    /// All but locks on single ranks.
    String butLocks() {
        String leased = leasing.busy();
        return leased != null ? leased : epoch();
    }

    /// All but exposures.
    String access() {
        if (fence.isOpen()
                || locks.all().isOpen()
                || groups.epoch().isExposed()
                || groups.access().isOpen()) {
            return epoch();
        }
        return locks.describe();
    }

    private String epoch() {
        if (fence.isOpen()) {
            return fence.describe();
        }
        if (locks.all().isOpen()) {
            return locks.all().describe();
        }
        if (groups.epoch().isExposed()) {
            return groups.epoch().describe();
        }
        if (groups.access().isOpen()) {
            return groups.access().describe();
        }
        return groups.exposure().isOpen() ? groups.exposure().describe() : null;
    }
}
