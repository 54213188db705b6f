package org.porthole.internal.port;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import org.porthole.internal.window.BearerRight;

/// What a message carries besides its bytes, and what has come with it: rights to ports, rights to windows, a region out of line.
///
/// **Threads.** Whoever has the message.
final class Cargo {
    private final PostOffice office;

    // What goes, each time that the message is sent.
    private HeldRight[] rights;
    private int rightCount;
    private BearerRight[] windows;
    private int windowCount;
    private long windowBytes;
    /// Goes once.
    private Loan loan;

    // What has come.
    private HeldRight[] arrived;
    private int arrivedCount;
    private int taken;
    private BearerRight[] arrivedWindows;
    private int arrivedWindowCount;
    private BorrowedRegion region;

    /// Nothing yet.
    ///
    /// @param office of the message's rank
    Cargo(PostOffice office) {
        this.office = office;
    }

    // What goes.

    /// Whether nothing goes.
    boolean isEmpty() {
        return rightCount == 0 && loan == null && windowCount == 0;
    }

    void add(HeldRight right) {
        if (rightCount == RecordDescriptor.MAX_RIGHTS) {
            throw new IllegalArgumentException(
                    "a message has at most " + RecordDescriptor.MAX_RIGHTS + " rights to ports");
        }
        if (rights == null) {
            rights = new HeldRight[RecordDescriptor.MAX_RIGHTS];
        }
        rights[rightCount++] = right;
    }

    /// @param room how many bytes there are for it
    void add(BearerRight right, long room) {
        if (windowCount == RecordDescriptor.MAX_WINDOWS) {
            throw new IllegalArgumentException(
                    "a message has at most " + RecordDescriptor.MAX_WINDOWS + " rights to windows");
        }
        long needed = RecordDescriptor.windowLength(right.bytes().length);
        if (needed > room) {
            throw new IllegalArgumentException(
                    "a right to a window takes " + needed + " bytes of a message; there is room for " + room);
        }
        if (windows == null) {
            windows = new BearerRight[RecordDescriptor.MAX_WINDOWS];
        }
        windows[windowCount++] = right;
        windowBytes += needed;
    }

    /// How much of a message's bytes the rights to windows take.
    long windowBytes() {
        return windowBytes;
    }

    void attach(Loan attached) {
        dropLoan();
        loan = attached;
    }

    /// A region that was attached and not lent comes to nothing.
    private void dropLoan() {
        if (loan != null) {
            Loan dropped = loan;
            loan = null;
            dropped.end();
        }
    }

    /// All of it comes to nothing.
    void clear() {
        clearRights();
        dropLoan();
    }

    private void clearRights() {
        for (int i = 0; i < rightCount; i++) {
            rights[i] = null;
        }
        rightCount = 0;
        for (int i = 0; i < windowCount; i++) {
            windows[i] = null;
        }
        windowCount = 0;
        windowBytes = 0;
    }

    /// It is about to be sent: the rights are counted for the rank that they travel to, and the region is lent.
    void begin(int to) {
        tellRights(to, 1);
        if (loan != null) {
            office.loans().lend(loan, to);
        }
    }

    /// It was not sent after all, and still goes with the message; but for a region whose loan has ended meanwhile, because the rank is gone.
    void takeBack(int to) {
        tellRights(to, -1);
        if (loan != null) {
            office.loans().withdraw(loan);
            if (loan.isOver()) {
                loan = null;
            }
        }
    }

    private void tellRights(int rank, int change) {
        for (int i = 0; i < rightCount; i++) {
            if (!rights[i].isOnce()) {
                office.notices().tellHeld(rights[i].holding(), rank, change);
            }
        }
    }

    /// It was sent. Rights that were good for one message have gone with this one, and so has the region.
    void sent() {
        int kept = 0;
        for (int i = 0; i < rightCount; i++) {
            HeldRight each = rights[i];
            rights[i] = null;
            if (each.isOnce()) {
                each.given();
            } else {
                rights[kept++] = each;
            }
        }
        rightCount = kept;
        loan = null;
    }

    // In records.

    /// How many rights to ports go.
    int rights() {
        return rightCount;
    }

    int windows() {
        return windowCount;
    }

    boolean hasLoan() {
        return loan != null;
    }

    /// How long a record is that has it.
    ///
    /// @param from where it begins in the record
    long end(long from) {
        long end = from + rightCount * RecordDescriptor.RIGHT;
        if (loan != null) {
            end += loan.recordBytes();
        }
        return windowCount == 0 ? end : RecordDescriptor.align(end) + windowBytes;
    }

    void write(MemorySegment to, long from) {
        long at = from;
        for (int i = 0; i < rightCount; i++) {
            rights[i].write(to, at);
            at += RecordDescriptor.RIGHT;
        }
        if (loan != null) {
            loan.write(to, at);
            at += loan.recordBytes();
        }
        at = RecordDescriptor.align(at);
        for (int i = 0; i < windowCount; i++) {
            byte[] bytes = windows[i].bytes();
            to.set(ValueLayout.JAVA_INT, at, bytes.length);
            MemorySegment.copy(bytes, 0, to, ValueLayout.JAVA_BYTE, at + Integer.BYTES, bytes.length);
            at += RecordDescriptor.windowLength(bytes.length);
        }
    }

    /// Reads what has come in a record that is sound.
    void read(int sender, MemorySegment from, long start, long header) {
        long at = start;
        for (int i = RecordDescriptor.rights(header); i > 0; i--) {
            addArrived(HeldRight.read(office, from, at));
            at += RecordDescriptor.RIGHT;
        }
        if (RecordDescriptor.hasRegion(header)) {
            region = BorrowedRegion.read(office, sender, from, at);
            at += RecordDescriptor.regionLength(from, at);
        }
        at = RecordDescriptor.align(at);
        for (int i = RecordDescriptor.windows(header); i > 0; i--) {
            byte[] bytes = new byte[from.get(ValueLayout.JAVA_INT, at)];
            MemorySegment.copy(from, ValueLayout.JAVA_BYTE, at + Integer.BYTES, bytes, 0, bytes.length);
            addArrived(office.bearers().read(bytes));
            at += RecordDescriptor.windowLength(bytes.length);
        }
    }

    /// Takes over what goes with a message of a rank of this process.
    void take(Cargo from) {
        for (int i = 0; i < from.rightCount; i++) {
            addArrived(from.rights[i].heldBy(office));
        }
        for (int i = 0; i < from.windowCount; i++) {
            addArrived(from.windows[i].heldBy(office.bearers()));
        }
        if (from.loan != null) {
            region = from.loan.borrowedBy(office);
        }
    }

    // What has come.

    private void addArrived(HeldRight right) {
        if (arrived == null) {
            arrived = new HeldRight[RecordDescriptor.MAX_RIGHTS];
        }
        arrived[arrivedCount++] = right;
    }

    private void addArrived(BearerRight right) {
        if (arrivedWindows == null) {
            arrivedWindows = new BearerRight[RecordDescriptor.MAX_WINDOWS];
        }
        arrivedWindows[arrivedWindowCount++] = right;
    }

    int arrivedRights() {
        return arrivedCount;
    }

    HeldRight takeRight(int index) {
        taken |= 1 << Objects.checkIndex(index, arrivedCount);
        return arrived[index];
    }

    int arrivedWindows() {
        return arrivedWindowCount;
    }

    BearerRight window(int index) {
        return arrivedWindows[Objects.checkIndex(index, arrivedWindowCount)];
    }

    BorrowedRegion region() {
        return region;
    }

    void fetch(MemorySegment destination) {
        if (region == null) {
            throw new IllegalStateException("the message has no region, or it has been fetched");
        }
        region.fetch(destination);
        dropRegion();
    }

    private void dropRegion() {
        if (region != null) {
            BorrowedRegion dropped = region;
            region = null;
            dropped.giveBack();
        }
    }

    /// Gives up what has come: rights that were not taken, and the region.
    void dropArrived() {
        for (int i = 0; i < arrivedCount; i++) {
            if ((taken & 1 << i) == 0) {
                arrived[i].close();
            }
            arrived[i] = null;
        }
        arrivedCount = 0;
        taken = 0;
        for (int i = 0; i < arrivedWindowCount; i++) {
            arrivedWindows[i] = null;
        }
        arrivedWindowCount = 0;
        dropRegion();
    }
}
