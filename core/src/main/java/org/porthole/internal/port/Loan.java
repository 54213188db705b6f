package org.porthole.internal.port;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicBoolean;
import org.porthole.internal.route.Routes;
import org.porthole.internal.window.SharedPart;

/// Memory of this rank that one receiver of a message may get once.
final class Loan implements NumberTable.Numbered {
    final MemorySegment region;
    private final Runnable onRelease;
    private final AtomicBoolean over = new AtomicBoolean();
    /// Where it is entered; null until it is lent.
    private LoanTable table;
    private long number;
    private int rank = -1;
    private SharedPart part;
    private byte[] keys = {};

    Loan(MemorySegment region, Runnable onRelease) {
        if (!region.isNative()) {
            throw new IllegalArgumentException("only native memory can be lent");
        }
        this.region = region;
        this.onRelease = onRelease;
    }

    @Override
    public long number() {
        return number;
    }

    int rank() {
        return rank;
    }

    /// Lets a rank get it.
    ///
    /// @param routes the ways to it; null if it is in this process
    void begin(LoanTable in, long id, int to, Routes routes) {
        table = in;
        number = id;
        rank = to;
        if (routes != null && region.byteSize() > 0) {
            part = SharedPart.borrow(routes, region);
            keys = part.keys();
        }
    }

    /// It was not lent after all.
    void withdraw() {
        table = null;
        if (part != null && !isOver()) {
            part.close();
            part = null;
        }
        keys = new byte[0];
    }

    long recordBytes() {
        return RecordDescriptor.REGION + keys.length;
    }

    void write(MemorySegment to, long at) {
        to.set(ValueLayout.JAVA_LONG, at, region.byteSize());
        to.set(ValueLayout.JAVA_LONG, at + 8, number);
        to.set(ValueLayout.JAVA_INT, at + 16, keys.length);
        MemorySegment.copy(keys, 0, to, ValueLayout.JAVA_BYTE, at + RecordDescriptor.REGION, keys.length);
    }

    /// The right to get it, for a rank of this process.
    BorrowedRegion borrowedBy(PostOffice office) {
        return new BorrowedRegion(office, office.rank(), number, region.byteSize(), keys, this);
    }

    boolean isOver() {
        return over.get();
    }

    /// Nobody gets it any more, or nobody ever has.
    void end() {
        if (over.compareAndSet(false, true)) {
            if (table != null) {
                table.forget(this);
            }
            if (part != null) {
                part.close();
            }
            onRelease.run();
        }
    }
}
