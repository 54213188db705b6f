package org.porthole.internal.check;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import java.util.stream.Stream;

/// The program's own memory that operations of this rank still read or write: sources and destinations that belong to them until they are complete
/// here.
///
/// A source is summed up when its operation starts and again when it is complete: if the sums differ, somebody has written it too early. Sources of
/// more than 32 KiB are sampled.
///
/// **Threads.** One at a time.
final class BufferLedger {
    /// How many ranges are remembered; older ones are looked at no more.
    private static final int MOST = 256;
    private static final long SAMPLES = 4096;
    private static final long PRIME = 0x9E37_79B9_7F4A_7C15L;

    private final Findings findings;
    /// The oldest first; behind [#size] those that are to be used again.
    private final Held[] held = Stream.generate(Held::new).limit(MOST).toArray(Held[]::new);

    private int size;
    /// How many of them are written.
    private int written;
    private long count;

    BufferLedger(Findings findings) {
        this.findings = findings;
    }

    /// One use of a buffer; the same object serves many.
    private static final class Held {
        private MemorySegment segment;
        private Object base;
        private long begin;
        private long end;
        private boolean written;
        private Operation operation;
        private String site;
        private CheckedWindow window;
        private int target;
        private long number;
        private long sum;

        boolean meets(Object otherBase, long otherBegin, long otherEnd) {
            return Objects.equals(base, otherBase) && begin < otherEnd && otherBegin < end;
        }

        String describe() {
            return operation.words() + " at " + site;
        }
    }

    private static long sum(MemorySegment segment) {
        long words = segment.byteSize() / Long.BYTES;
        long step = Math.max(1, words / SAMPLES);
        long sum = segment.byteSize();
        for (long i = 0; i < words; i += step) {
            sum = (sum ^ segment.get(ValueLayout.JAVA_LONG_UNALIGNED, i * Long.BYTES)) * PRIME;
        }
        for (long i = words * Long.BYTES; i < segment.byteSize(); i++) {
            sum = (sum ^ segment.get(ValueLayout.JAVA_BYTE, i)) * PRIME;
        }
        return sum;
    }

    /// Looks whether an operation may use a buffer, and takes down that it does.
    void take(
            MemorySegment segment,
            boolean isWritten,
            Operation operation,
            String site,
            CheckedWindow window,
            int target) {
        require(segment, isWritten, operation, site);
        hold(segment, isWritten, operation, site, window, target);
    }

    /// Looks whether an operation may use a buffer.
    ///
    /// @param segment the buffer
    /// @param isWritten whether the operation writes it
    void require(MemorySegment segment, boolean isWritten, Operation operation, String site) {
        if (size == 0 || (!isWritten && written == 0) || isUnknown(segment)) {
            return;
        }
        Object base = segment.heapBase().orElse(null);
        long begin = segment.address();
        long end = begin + segment.byteSize();
        for (int i = 0; i < size; i++) {
            Held each = held[i];
            if ((isWritten || each.written) && each.meets(base, begin, end)) {
                report(each, isWritten, operation, site);
                return;
            }
        }
    }

    private void report(Held earlier, boolean isWritten, Operation operation, String site) {
        String how;
        if (!isWritten) {
            how = "reads a buffer that the " + earlier.describe() + " has not filled yet";
        } else if (earlier.written) {
            how = "fills a buffer that the " + earlier.describe() + " fills too";
        } else {
            how = "fills a buffer that the " + earlier.describe() + " still reads";
        }
        findings.found(
                "buffer " + earlier.window.name() + earlier.site + ' ' + site + ' ' + isWritten + earlier.written,
                "buffer reused before local completion: the " + operation.words() + " at " + site + ' ' + how
                        + " (window \"" + earlier.window.name() + "\", target " + earlier.target
                        + "): flushLocal(" + earlier.target + ") in between is missing");
    }

    /// A read-only view of a heap array does not tell whose it is.
    private static boolean isUnknown(MemorySegment segment) {
        return segment.byteSize() == 0
                || (!segment.isNative() && segment.heapBase().isEmpty());
    }

    /// Takes down that a started operation uses a buffer.
    void hold(
            MemorySegment segment,
            boolean isWritten,
            Operation operation,
            String site,
            CheckedWindow window,
            int target) {
        if (isUnknown(segment)) {
            return;
        }
        if (size == MOST) {
            remove(0);
        }
        Held next = held[size++];
        next.segment = segment;
        next.base = segment.heapBase().orElse(null);
        next.begin = segment.address();
        next.end = next.begin + segment.byteSize();
        next.written = isWritten;
        next.operation = operation;
        next.site = site;
        next.window = window;
        next.target = target;
        next.number = ++count;
        next.sum = isWritten ? 0 : sum(segment);
        written += isWritten ? 1 : 0;
    }

    private Held remove(int index) {
        Held removed = held[index];
        size--;
        System.arraycopy(held, index + 1, held, index, size - index);
        held[size] = removed;
        written -= removed.written ? 1 : 0;
        return removed;
    }

    /// Everything that was started on a target is complete here.
    void complete(CheckedWindow window, int target) {
        complete(window, target, count);
    }

    /// How much has been started so far.
    long mark() {
        return count;
    }

    /// What was started on a target up to a mark is complete here.
    void complete(CheckedWindow window, int target, long mark) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            Held buffer = held[i];
            if (buffer.window != window || buffer.target != target || buffer.number > mark) {
                held[i] = held[kept];
                held[kept++] = buffer;
            }
        }
        int over = size;
        size = kept;
        for (int i = kept; i < over; i++) {
            written -= held[i].written ? 1 : 0;
        }
        for (int i = kept; i < over; i++) {
            verify(held[i]);
            held[i].segment = null;
            held[i].base = null;
        }
    }

    private void verify(Held buffer) {
        if (buffer.written
                || !buffer.segment.scope().isAlive()
                || !buffer.segment.isAccessibleBy(Thread.currentThread())) {
            return;
        }
        if (sum(buffer.segment) != buffer.sum) {
            findings.found(
                    "source " + buffer.window.name() + buffer.site,
                    "buffer reused before local completion: the source of the " + buffer.describe() + " (window \""
                            + buffer.window.name() + "\", target " + buffer.target
                            + ") has changed before it was complete: flushLocal(" + buffer.target
                            + ") before the change is missing");
        }
    }
}
