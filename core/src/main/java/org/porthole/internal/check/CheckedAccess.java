package org.porthole.internal.check;

import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.porthole.Access;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.PortholeException;
import org.porthole.Region;
import org.porthole.Request;

/// The operations of an epoch, taken down with the line of the program that called them.
///
/// An operation is taken down once it was started: what is refused leaves no trace.
///
/// **Threads.** Any for operations, one after the other; one for beginning and closing.
public sealed class CheckedAccess implements Access permits CheckedEpoch {
    /// What an epoch is a synchronisation of.
    enum Form {
        FENCE,
        EXCHANGE,
        START,
        SHARED,
        EXCLUSIVE
    }

    private static final System.Logger LOG = System.getLogger(Findings.LOGGER);

    private final CheckedWindow window;
    private final RaceCheck check;
    private final Region.Cursor cursor = new Region.Cursor();
    Form form;
    private Access inner;
    private int[] covered = {};

    CheckedAccess(CheckedWindow window, Form form) {
        this.window = window;
        this.form = form;
        check = window.check();
    }

    final void exclusive(boolean isExclusive) {
        form = isExclusive ? Form.EXCLUSIVE : Form.SHARED;
    }

    final CheckedAccess begin(Access begun, int... targets) {
        inner = begun;
        covered = targets;
        synchronized (check) {
            check.sites.refresh();
        }
        return this;
    }

    /// Completes everything and tells those who wait for this epoch's end how far this rank has come.
    final void ending() {
        if (!inner.isOpen() || form == Form.FENCE) {
            return;
        }
        for (int target : covered) {
            flushIfPossible(target);
        }
        synchronized (check) {
            check.sites.refresh();
            for (int target : covered) {
                window.log(target).complete();
            }
            switch (form) {
                case SHARED, EXCLUSIVE -> {
                    for (int target : covered) {
                        window.clocks().unlocking(target, form == Form.EXCLUSIVE);
                    }
                }
                default -> window.clocks().completing(covered);
            }
        }
    }

    private void flushIfPossible(int target) {
        try {
            inner.flush(target);
        } catch (PortholeException e) {
            LOG.log(Level.DEBUG, "an epoch ends without a rank that failed", e); // closing says so, if it matters
        }
    }

    /// Takes the completion down, and hears those who were waited for.
    final void ended() {
        synchronized (check) {
            if (form == Form.EXCHANGE) {
                window.clocks().completed(covered);
            }
            window.complete(covered);
        }
        if (form == Form.FENCE) {
            window.meet();
        }
    }

    final void beginningNext() {
        synchronized (check) {
            window.clocks().posting(covered);
        }
    }

    final void begunNext() {
        synchronized (check) {
            window.clocks().started(covered);
        }
    }

    @Override
    public final void close() {
        if (inner.isOpen()) {
            ending();
            inner.close();
            ended();
        }
    }

    @Override
    public final boolean isOpen() {
        return inner.isOpen();
    }

    private void require(int target, Operation operation, long begin, long end, String site) {
        AccessSet earlier = window.log(target).conflict(operation, begin, end);
        if (earlier != null) {
            check.findings.found(
                    "order " + window.name() + earlier.site + ' ' + site + ' ' + operation,
                    "conflict in window \"" + window.name() + "\" on rank " + target + "'s part, bytes " + begin
                            + " to " + (end - 1) + ": the " + operation.words() + " at " + site + " and the "
                            + earlier.operation.words() + " at " + earlier.site
                            + ", both by this rank, " + window.team().rank() + ": flush(" + target
                            + ") in between is missing");
        }
    }

    private void started(int target, Operation operation, long begin, long end, String site) {
        if (begin < end) {
            require(target, operation, begin, end, site);
            window.log(target).started(operation, begin, end, site);
        }
    }

    @Override
    public final void put(int target, long offset, MemorySegment source) {
        synchronized (check) {
            long end = offset + source.byteSize();
            Operation operation = Operation.put(offset, source.byteSize());
            String site = check.sites.of(operation.kind());
            writing(target, operation, offset);
            inner.put(target, offset, source);
            started(target, operation, offset, end, site);
            check.buffers.take(source, false, operation, site, window, target);
        }
    }

    private void writing(int target, Operation operation, long offset) {
        if (operation.isWordWrite() && window.hasRank(target)) {
            window.clocks().writing(target, offset);
        }
    }

    @Override
    public final void get(int target, long offset, MemorySegment destination) {
        synchronized (check) {
            long end = offset + destination.byteSize();
            String site = check.sites.of(AccessKind.GET);
            inner.get(target, offset, destination);
            started(target, Operation.GET, offset, end, site);
            check.buffers.take(destination, true, Operation.GET, site, window, target);
        }
    }

    @Override
    public final void put(int target, Region to, MemorySegment source, Region from) {
        synchronized (check) {
            Operation operation = Operation.put(0, 0);
            String site = check.sites.of(operation.kind());
            inner.put(target, to, source, from);
            started(target, to, operation, site);
            takeBuffer(source, from, false, operation, site, target);
        }
    }

    @Override
    public final void get(int target, Region from, MemorySegment destination, Region to) {
        synchronized (check) {
            String site = check.sites.of(AccessKind.GET);
            inner.get(target, from, destination, to);
            started(target, from, Operation.GET, site);
            takeBuffer(destination, to, true, Operation.GET, site, target);
        }
    }

    /// All runs are looked at before any is taken down: those of one operation may overlap each other.
    private void started(int target, Region region, Operation operation, String site) {
        eachRun(region, (begin, end) -> require(target, operation, begin, end, site));
        eachRun(region, (begin, end) -> window.log(target).started(operation, begin, end, site));
    }

    private void takeBuffer(
            MemorySegment buffer, Region region, boolean written, Operation operation, String site, int target) {
        eachRun(
                region,
                (begin, end) -> check.buffers.require(buffer.asSlice(begin, end - begin), written, operation, site));
        eachRun(
                region,
                (begin, end) -> check.buffers.hold(
                        buffer.asSlice(begin, end - begin), written, operation, site, window, target));
    }

    private interface Run {
        void at(long begin, long end);
    }

    private void eachRun(Region region, Run run) {
        cursor.start(region);
        for (long left = region.byteSize(); left > 0; ) {
            long length = cursor.run();
            run.at(cursor.position(), cursor.position() + length);
            cursor.advance(length);
            left -= length;
        }
    }

    @Override
    public final void raise(int target, int id, long delta) {
        synchronized (check) {
            check.sites.refresh();
            if (window.hasRank(target) && id >= 0 && id < window.notifications().count()) {
                window.log(target).complete();
                window.clocks().raising(target, id);
            }
            inner.raise(target, id, delta);
        }
    }

    @Override
    public final void accumulate(int target, long offset, DataType type, Operator op, MemorySegment source) {
        synchronized (check) {
            long end = offset + source.byteSize();
            Operation operation = Operation.accumulate(type, op);
            String site = check.sites.of(operation.kind());
            writingElement(target, operation, offset, end);
            inner.accumulate(target, offset, type, op, source);
            started(target, operation, offset, end, site);
            check.buffers.take(source, false, operation, site, window, target);
        }
    }

    /// One element may be a flag that others look at; many are data.
    private void writingElement(int target, Operation operation, long offset, long end) {
        if (end - offset == operation.width()) {
            writing(target, operation, offset);
        }
    }

    @Override
    public final void getAccumulate(
            int target, long offset, DataType type, Operator op, MemorySegment source, MemorySegment result) {
        synchronized (check) {
            long end = offset + source.byteSize();
            Operation operation = Operation.getAccumulate(type, op);
            String site = check.sites.of(operation.kind());
            writingElement(target, operation, offset, end);
            inner.getAccumulate(target, offset, type, op, source, result);
            started(target, operation, offset, end, site);
            if (end - offset == operation.width()) {
                window.log(target).fetching(offset);
            }
            if (source.asOverlappingSlice(result).isEmpty()) {
                check.buffers.take(source, false, operation, site, window, target);
            }
            check.buffers.take(result, true, operation, site, window, target);
        }
    }

    @Override
    public final void accumulate(int target, Region to, DataType type, Operator op, MemorySegment source, Region from) {
        synchronized (check) {
            Operation operation = Operation.accumulate(type, op);
            String site = check.sites.of(operation.kind());
            inner.accumulate(target, to, type, op, source, from);
            started(target, to, operation, site);
            takeBuffer(source, from, false, operation, site, target);
        }
    }

    @Override
    public final void getAccumulate(
            int target,
            Region at,
            DataType type,
            Operator op,
            MemorySegment source,
            Region from,
            MemorySegment result,
            Region into) {
        synchronized (check) {
            Operation operation = Operation.getAccumulate(type, op);
            String site = check.sites.of(operation.kind());
            inner.getAccumulate(target, at, type, op, source, from, result, into);
            started(target, at, operation, site);
            if (source.asOverlappingSlice(result).isEmpty()) {
                takeBuffer(source, from, false, operation, site, target);
            }
            takeBuffer(result, into, true, operation, site, target);
        }
    }

    @Override
    public final void putByte(int target, long offset, byte value) {
        synchronized (check) {
            String site = puttingValue(target, offset, Byte.BYTES);
            inner.putByte(target, offset, value);
            started(target, Operation.put(offset, Byte.BYTES), offset, offset + Byte.BYTES, site);
        }
    }

    @Override
    public final void putInt(int target, long offset, int value) {
        synchronized (check) {
            String site = puttingValue(target, offset, Integer.BYTES);
            inner.putInt(target, offset, value);
            started(target, Operation.put(offset, Integer.BYTES), offset, offset + Integer.BYTES, site);
        }
    }

    @Override
    public final void putLong(int target, long offset, long value) {
        synchronized (check) {
            String site = puttingValue(target, offset, Long.BYTES);
            inner.putLong(target, offset, value);
            started(target, Operation.put(offset, Long.BYTES), offset, offset + Long.BYTES, site);
        }
    }

    private String puttingValue(int target, long offset, int width) {
        Operation operation = Operation.put(offset, width);
        String site = check.sites.of(operation.kind());
        writing(target, operation, offset);
        return site;
    }

    @Override
    public final byte getByte(int target, long offset) {
        synchronized (check) {
            String site = check.sites.of(AccessKind.GET_VALUE);
            byte value = inner.getByte(target, offset);
            gotValue(target, offset, Byte.BYTES, site);
            return value;
        }
    }

    @Override
    public final int getInt(int target, long offset) {
        synchronized (check) {
            String site = check.sites.of(AccessKind.GET_VALUE);
            int value = inner.getInt(target, offset);
            gotValue(target, offset, Integer.BYTES, site);
            return value;
        }
    }

    @Override
    public final long getLong(int target, long offset) {
        synchronized (check) {
            String site = check.sites.of(AccessKind.GET_VALUE);
            long value = inner.getLong(target, offset);
            gotValue(target, offset, Long.BYTES, site);
            return value;
        }
    }

    private void gotValue(int target, long offset, int width, String site) {
        Operation operation = Operation.value(offset, width);
        require(target, operation, offset, offset + width, site);
        window.log(target).completed(operation, offset, offset + width, site);
        if (operation.width() > 0) {
            window.clocks().read(target, offset);
        }
    }

    private String operating(int target, Operation operation, long offset) {
        String site = check.sites.of(operation.kind());
        writing(target, operation, offset);
        return site;
    }

    private void operated(int target, Operation operation, long offset, String site) {
        require(target, operation, offset, offset + operation.width(), site);
        window.log(target).completed(operation, offset, offset + operation.width(), site);
        window.clocks().read(target, offset);
    }

    @Override
    public final long fetchAndOp(int target, long offset, Operator op, long operand) {
        synchronized (check) {
            Operation operation = Operation.atomic(Long.BYTES, op);
            String site = operating(target, operation, offset);
            long before = inner.fetchAndOp(target, offset, op, operand);
            operated(target, operation, offset, site);
            return before;
        }
    }

    @Override
    public final int fetchAndOp(int target, long offset, Operator op, int operand) {
        synchronized (check) {
            Operation operation = Operation.atomic(Integer.BYTES, op);
            String site = operating(target, operation, offset);
            int before = inner.fetchAndOp(target, offset, op, operand);
            operated(target, operation, offset, site);
            return before;
        }
    }

    @Override
    public final long compareAndExchange(int target, long offset, long expected, long value) {
        synchronized (check) {
            Operation operation = Operation.exchange(Long.BYTES);
            String site = operating(target, operation, offset);
            long before = inner.compareAndExchange(target, offset, expected, value);
            operated(target, operation, offset, site);
            return before;
        }
    }

    @Override
    public final int compareAndExchange(int target, long offset, int expected, int value) {
        synchronized (check) {
            Operation operation = Operation.exchange(Integer.BYTES);
            String site = operating(target, operation, offset);
            int before = inner.compareAndExchange(target, offset, expected, value);
            operated(target, operation, offset, site);
            return before;
        }
    }

    @Override
    public final void fence(int target) {
        inner.fence(target);
        synchronized (check) {
            check.sites.refresh();
            window.log(target).complete();
        }
    }

    @Override
    public final Request request(int target) {
        Request request = inner.request(target);
        synchronized (check) {
            List<AccessSet> sets = window.log(target).seal();
            long mark = check.buffers.mark();
            return window.request(request, () -> {
                synchronized (check) {
                    check.sites.refresh();
                    window.log(target).complete(sets);
                    window.log(target).hearWords(window.clocks(), target);
                    check.buffers.complete(window, target, mark);
                }
            });
        }
    }

    @Override
    public final Request requestLocal(int target) {
        Request request = inner.requestLocal(target);
        synchronized (check) {
            List<AccessSet> sets = window.log(target).seal();
            long mark = check.buffers.mark();
            return window.request(request, () -> {
                synchronized (check) {
                    check.sites.refresh();
                    window.log(target).hearWords(window.clocks(), target);
                    window.log(target).completeLocally(sets);
                    check.buffers.complete(window, target, mark);
                }
            });
        }
    }

    @Override
    public final void flush(int target) {
        try {
            inner.flush(target);
        } finally { // what could not be completed has failed
            synchronized (check) {
                flushed(target);
            }
        }
    }

    private void flushed(int target) {
        if (!window.hasRank(target)) {
            return; // refused
        }
        check.sites.refresh();
        window.complete(target);
    }

    @Override
    public final void flushAll() {
        try {
            inner.flushAll();
        } finally {
            synchronized (check) {
                for (int target : covered) {
                    flushed(target);
                }
            }
        }
    }

    @Override
    public final void flushLocal(int target) {
        try {
            inner.flushLocal(target);
        } finally {
            synchronized (check) {
                flushedLocal(target);
            }
        }
    }

    private void flushedLocal(int target) {
        if (!window.hasRank(target)) {
            return; // refused
        }
        check.sites.refresh();
        window.log(target).hearWords(window.clocks(), target);
        window.log(target).completeLocally();
        check.buffers.complete(window, target);
    }

    @Override
    public final void flushLocalAll() {
        try {
            inner.flushLocalAll();
        } finally {
            synchronized (check) {
                for (int target : covered) {
                    flushedLocal(target);
                }
            }
        }
    }
}
