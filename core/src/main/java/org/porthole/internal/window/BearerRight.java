package org.porthole.internal.window;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.porthole.Lease;
import org.porthole.Right;
import org.porthole.RightAccess;
import org.porthole.WindowRight;

/// A right to a window as a rank holds it.
public final class BearerRight implements WindowRight {
    private final LeaseToken token;
    private final byte[] bytes;
    /// The accesses of the rank that holds it; null of the one that made it.
    private final Bearers bearers;

    BearerRight(LeaseToken token, byte[] bytes, Bearers bearers) {
        this.token = token;
        this.bytes = bytes;
        this.bearers = bearers;
    }

    /// A right as its owner holds it.
    static BearerRight ofOwner(LeaseToken token) {
        return new BearerRight(token, token.encode(), null);
    }

    /// What travels.
    ///
    /// @return bytes, not to be changed, for [Bearers#read(byte[])]
    public byte[] bytes() {
        return bytes;
    }

    /// The same right for another rank of this process.
    ///
    /// @param others that rank's
    /// @return the right
    public BearerRight heldBy(Bearers others) {
        return new BearerRight(token, bytes, others);
    }

    @Override
    public int rank() {
        return token.rank();
    }

    @Override
    public long length() {
        return token.permit().to() - token.permit().from();
    }

    @Override
    public Set<Right> rights() {
        return Arrays.stream(Right.values()).filter(token.permit()::allows).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Lease lease() {
        if (bearers != null) {
            throw new IllegalStateException(this + " has come in a message: it is ended by rank " + token.rank()
                    + ", with what Window.grant returned there");
        }
        return token.lease();
    }

    @Override
    public RightAccess access() {
        if (bearers == null) {
            throw new IllegalStateException(this + " is for others: rank " + token.rank()
                    + " owns the memory, and has it in its hands when the lease has ended");
        }
        return bearers.open(token);
    }

    /// Shows no keys: they are the right.
    @Override
    public String toString() {
        return "right to " + token.permit().describe() + " " + length() + " bytes of a window of rank " + token.rank();
    }
}
