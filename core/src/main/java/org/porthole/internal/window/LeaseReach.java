package org.porthole.internal.window;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.porthole.AccessRefusedException;
import org.porthole.Right;
import org.porthole.internal.collective.TeamContext;
import org.porthole.internal.route.Target;
import org.porthole.spi.Permit;

/// What the holder of a [LeaseToken] reaches. Offsets are those of the owner's part.
///
/// **Threads.** The one that opened it.
public final class LeaseReach implements AutoCloseable {
    private final Target words;
    private final Target memory;
    private final Permit permit;
    private final LeaseHold hold;
    private final String what;

    private LeaseReach(Target words, Target memory, Permit permit, LeaseHold hold, String what) {
        this.words = words;
        this.memory = memory;
        this.permit = permit;
        this.hold = hold;
        this.what = what;
    }

    /// Attaches what a token names.
    ///
    /// @param world the job, whose rank the owner is; not this rank itself
    /// @param token what was sent
    /// @return the reach, to be closed
    /// @throws org.porthole.TransportException if the token is not, or no more, good for anything
    public static LeaseReach open(TeamContext world, LeaseToken token) {
        LeaseDescriptor descriptor = new LeaseDescriptor(token.size());
        Target words = world.attach(token.rank(), ByteBuffer.wrap(token.wordsKeys()), descriptor.byteSize());
        Target memory = null;
        try {
            memory = world.attach(
                    token.rank(), ByteBuffer.wrap(token.keys()), token.permit().to());
            String what = "rank " + token.rank() + "'s memory";
            LeaseHold hold = new LeaseHold(
                    what, words, descriptor, token.line(), token.id(), world.rank(), world::isJobRankGone);
            return new LeaseReach(words, memory, token.permit(), hold, what);
        } catch (RuntimeException e) {
            words.close();
            if (memory != null) {
                memory.close();
            }
            throw e;
        }
    }

    private void require(Right right, long offset, long length) {
        Objects.checkFromIndexSize(offset, length, permit.to());
        if (!permit.allows(right, offset, length)) {
            throw new AccessRefusedException("may not " + right + " " + length + " bytes at offset " + offset + " of "
                    + what + ": allowed is " + permit.describe() + " on bytes " + permit.from() + " to "
                    + permit.to());
        }
    }

    /// Starts copying bytes to the owner; [#flush()] completes.
    ///
    /// @param offset first byte written
    /// @param source where the bytes are
    /// @throws IndexOutOfBoundsException              if the range ends behind what is permitted
    /// @throws AccessRefusedException                 if it is not permitted
    /// @throws org.porthole.ExposureExpiredException if the lease has ended
    public void put(long offset, MemorySegment source) {
        require(Right.WRITE, offset, source.byteSize());
        hold.enter();
        try {
            memory.put(offset, source, 0, source.byteSize());
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        } finally {
            hold.leave();
        }
    }

    /// Starts copying bytes from the owner; [#flush()] completes.
    ///
    /// @param offset      first byte read
    /// @param destination where the bytes go
    /// @throws IndexOutOfBoundsException              if the range ends behind what is permitted
    /// @throws AccessRefusedException                 if it is not permitted
    /// @throws org.porthole.ExposureExpiredException if the lease has ended
    public void get(long offset, MemorySegment destination) {
        require(Right.READ, offset, destination.byteSize());
        hold.enter();
        try {
            memory.get(offset, destination, 0, destination.byteSize());
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        } finally {
            hold.leave();
        }
    }

    /// Completes what was started.
    ///
    /// @throws org.porthole.ExposureExpiredException if the lease ended before
    public void flush() {
        try {
            memory.flush();
        } catch (AccessRefusedException e) {
            throw hold.refused(e);
        }
    }

    @Override
    public void close() {
        hold.close();
        memory.close();
        words.close();
    }
}
