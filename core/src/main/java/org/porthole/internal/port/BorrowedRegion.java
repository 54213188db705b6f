package org.porthole.internal.port;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import org.porthole.internal.route.Target;
import org.porthole.spi.LoadStore;

/// Memory that another rank has lent to this one with a message.
final class BorrowedRegion {
    private final PostOffice office;
    private final int lender;
    private final long loan;
    private final long byteSize;
    private final byte[] keys;
    /// The loan itself, if the lender is in this process.
    private final Loan near;

    BorrowedRegion(PostOffice office, int lender, long loan, long byteSize, byte[] keys, Loan near) {
        this.office = office;
        this.lender = lender;
        this.loan = loan;
        this.byteSize = byteSize;
        this.keys = keys;
        this.near = near;
    }

    static BorrowedRegion read(PostOffice office, int lender, MemorySegment from, long at) {
        byte[] keys = new byte[Math.clamp(from.get(ValueLayout.JAVA_INT, at + 16), 0, OfficeDescriptor.MAX_KEYS)];
        MemorySegment.copy(from, ValueLayout.JAVA_BYTE, at + RecordDescriptor.REGION, keys, 0, keys.length);
        return new BorrowedRegion(
                office,
                lender,
                from.get(ValueLayout.JAVA_LONG, at + 8),
                from.get(ValueLayout.JAVA_LONG, at),
                keys,
                null);
    }

    long byteSize() {
        return byteSize;
    }

    void fetch(MemorySegment destination) {
        if (destination.byteSize() != byteSize) {
            throw new IllegalArgumentException(
                    "the region has " + byteSize + " bytes, the destination " + destination.byteSize());
        }
        if (byteSize == 0) {
            return;
        }
        if (near != null) {
            LoadStore.copy(near.region, 0, destination, 0, byteSize);
            return;
        }
        try (Target target = office.routes().attach(lender, ByteBuffer.wrap(keys), byteSize)) {
            target.get(0, destination, 0, byteSize);
            target.flush();
        }
    }

    /// Ends the loan.
    void giveBack() {
        if (near != null) {
            near.end();
        } else {
            office.notices().tell(lender, RecordDescriptor.RETURNED, 0, loan, 0, 0);
        }
    }
}
