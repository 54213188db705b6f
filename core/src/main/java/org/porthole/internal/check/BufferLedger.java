package org.porthole.internal.check;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Objects;

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
    private final Deque<Held> held = new ArrayDeque<>();
    private long count;

    BufferLedger(Findings findings) {
        this.findings = findings;
    }

    private static final class Held {
        private final MemorySegment segment;
        private final Object base;
        private final long begin;
        private final long end;
        private final boolean written;
        private final Operation operation;
        private final String site;
        private final CheckedWindow window;
        private final int target;
        private final long number;
        private final long sum;

        Held(
                MemorySegment segment,
                boolean written,
                Operation operation,
                String site,
                CheckedWindow window,
                int target,
                long number) {
            this.number = number;
            this.segment = segment;
            this.base = segment.heapBase().orElse(null);
            begin = segment.address();
            end = begin + segment.byteSize();
            this.written = written;
            this.operation = operation;
            this.site = site;
            this.window = window;
            this.target = target;
            sum = written ? 0 : sum(segment);
        }

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
            boolean written,
            Operation operation,
            String site,
            CheckedWindow window,
            int target) {
        require(segment, written, operation, site);
        hold(segment, written, operation, site, window, target);
    }

    /// Looks whether an operation may use a buffer.
    ///
    /// @param segment the buffer
    /// @param written whether the operation writes it
    void require(MemorySegment segment, boolean written, Operation operation, String site) {
        if (held.isEmpty() || isUnknown(segment)) {
            return;
        }
        Object base = segment.heapBase().orElse(null);
        long begin = segment.address();
        long end = begin + segment.byteSize();
        for (Held each : held) {
            if ((written || each.written) && each.meets(base, begin, end)) {
                report(each, written, operation, site);
                return;
            }
        }
    }

    private void report(Held earlier, boolean written, Operation operation, String site) {
        String how;
        if (!written) {
            how = "reads a buffer that the " + earlier.describe() + " has not filled yet";
        } else if (earlier.written) {
            how = "fills a buffer that the " + earlier.describe() + " fills too";
        } else {
            how = "fills a buffer that the " + earlier.describe() + " still reads";
        }
        findings.found(
                "buffer " + earlier.window.name() + earlier.site + ' ' + site + ' ' + written + earlier.written,
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
            boolean written,
            Operation operation,
            String site,
            CheckedWindow window,
            int target) {
        if (isUnknown(segment)) {
            return;
        }
        if (held.size() == MOST) {
            held.removeFirst();
        }
        held.addLast(new Held(segment, written, operation, site, window, target, ++count));
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
        if (held.isEmpty()) {
            return;
        }
        for (Iterator<Held> each = held.iterator(); each.hasNext(); ) {
            Held buffer = each.next();
            if (buffer.window == window && buffer.target == target && buffer.number <= mark) {
                each.remove();
                verify(buffer);
            }
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
