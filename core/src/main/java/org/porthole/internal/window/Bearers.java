package org.porthole.internal.window;

import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.porthole.ExposureExpiredException;
import org.porthole.PeerFailedException;
import org.porthole.TransportException;
import org.porthole.internal.collective.TeamContext;

/// The accesses that one rank has by rights to windows which came in messages.
///
/// **Threads.** Any.
public final class Bearers implements AutoCloseable {
    private final TeamContext world;
    private final Set<LeaseReach> open = ConcurrentHashMap.newKeySet();

    /// None yet.
    ///
    /// @param world the job
    public Bearers(TeamContext world) {
        this.world = world;
    }

    /// A right that has come.
    ///
    /// @param bytes what [BearerRight#bytes()] was
    /// @return the right
    /// @throws IllegalArgumentException if they are none
    public BearerRight read(byte[] bytes) {
        LeaseToken token = LeaseToken.decode(ByteBuffer.wrap(bytes));
        if (token.rank() >= world.size()) {
            throw new IllegalArgumentException("a right to a window of rank " + token.rank() + " has come");
        }
        return new BearerRight(token, bytes, this);
    }

    LeaseReach open(LeaseToken token) {
        int owner = token.rank();
        if (owner == world.rank()) {
            throw new IllegalStateException("rank " + owner
                    + " owns the memory: it does not reach it by a right, but when the lease has ended");
        }
        LeaseReach reach;
        try {
            reach = LeaseReach.open(world, token, open::remove);
        } catch (TransportException e) {
            if (world.isJobRankGone(owner)) {
                throw world.membership().failure(owner, "rank " + world.rank() + " has a right to a window of it");
            }
            if (e.getCause() instanceof PeerFailedException failure) {
                throw failure; // the way has broken before it is known that the owner is gone
            }
            throw new ExposureExpiredException(
                    "the right to a window of rank " + owner
                            + " is not, or no more, good: its lease or its window has ended",
                    e);
        }
        open.add(reach);
        return reach;
    }

    /// Lets go of everything: the job has ended.
    @Override
    public void close() {
        open.forEach(LeaseReach::end);
        open.clear();
    }
}
