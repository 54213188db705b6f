package org.porthole.internal.check;

import java.util.ArrayList;
import java.util.List;

/// The leases of one rank's part, as its owner knows them: an access by lease is over when the lease is, whether it was flushed or not.
///
/// **Threads.** One at a time.
final class LeaseTable {
    private final List<CheckedLease> leases = new ArrayList<>();

    void add(CheckedLease lease) {
        leases.add(lease);
    }

    /// Takes down which of them have ended.
    void look() {
        leases.forEach(CheckedLease::look);
    }

    /// When an access is over.
    ///
    /// @param holder whose it was, by lease
    /// @param heard  how far the owner had come, as far as the holder knew
    /// @return the owner's own time; 0 if the lease had ended before, so that the access was refused
    long endOf(int holder, long heard) {
        for (int i = leases.size() - 1; i >= 0; i--) {
            CheckedLease lease = leases.get(i);
            if (lease.isFor(holder) && lease.begin <= heard) {
                return lease.end() <= heard ? 0 : lease.end();
            }
        }
        return 0;
    }

    /// Ranks have compared: only those that are open matter to them later.
    void forgetEnded() {
        leases.removeIf(lease -> lease.end() != Clock.NEVER);
    }
}
