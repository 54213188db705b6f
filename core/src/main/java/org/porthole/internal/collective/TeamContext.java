package org.porthole.internal.collective;

import java.util.List;
import org.porthole.internal.progress.Membership;
import org.porthole.internal.progress.Waiter;
import org.porthole.internal.route.Routes;

/// What a team needs of its job.
///
/// @param rank       this rank
/// @param size       how many ranks there are
/// @param hosts      the host of each rank, by name
/// @param routes     the ways to the peers
/// @param membership who is gone
/// @param waiter     how to wait
public record TeamContext(
        int rank, int size, List<String> hosts, Routes routes, Membership membership, Waiter waiter) {}
