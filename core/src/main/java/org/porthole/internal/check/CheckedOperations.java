package org.porthole.internal.check;

import java.lang.foreign.MemorySegment;
import org.porthole.Access;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.Region;

/// The operations of an epoch, taken down with the line of the program that called them.
///
/// An operation is taken down once it was started: what is refused leaves no trace.
///
/// **Threads.** Any, one after the other.
abstract sealed class CheckedOperations permits CheckedAccess {
    final CheckedWindow window;
    final RaceCheck check;
    private final Region.Cursor cursor = new Region.Cursor();
    /// What does them; null before the first epoch.
    Access inner;

    CheckedOperations(CheckedWindow window) {
        this.window = window;
        check = window.check();
    }

    /// Where what is done with a part is taken down.
    abstract TargetLog log(int target);

    private void require(int target, Operation operation, long begin, long end, String site) {
        AccessSet earlier = log(target).conflict(operation, begin, end);
        if (earlier != null) {
            check.findings.found(
                    "order " + window.name() + earlier.site + ' ' + site + ' ' + operation.code,
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
            log(target).started(operation, begin, end, site);
        }
    }

    public final void put(int target, long offset, MemorySegment source) {
        synchronized (check) {
            long end = offset + source.byteSize();
            Operation operation = Operation.put(offset, source.byteSize());
            String site = check.sites.of(operation);
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

    public final void get(int target, long offset, MemorySegment destination) {
        synchronized (check) {
            long end = offset + destination.byteSize();
            String site = check.sites.of(Operation.GET);
            inner.get(target, offset, destination);
            started(target, Operation.GET, offset, end, site);
            check.buffers.take(destination, true, Operation.GET, site, window, target);
        }
    }

    public final void put(int target, Region to, MemorySegment source, Region from) {
        synchronized (check) {
            Operation operation = Operation.put(0, 0);
            String site = check.sites.of(operation);
            inner.put(target, to, source, from);
            started(target, to, operation, site);
            takeBuffer(source, from, false, operation, site, target);
        }
    }

    public final void get(int target, Region from, MemorySegment destination, Region to) {
        synchronized (check) {
            String site = check.sites.of(Operation.GET);
            inner.get(target, from, destination, to);
            started(target, from, Operation.GET, site);
            takeBuffer(destination, to, true, Operation.GET, site, target);
        }
    }

    /// All runs are looked at before any is taken down: those of one operation may overlap each other.
    private void started(int target, Region region, Operation operation, String site) {
        eachRun(region, (begin, end) -> require(target, operation, begin, end, site));
        eachRun(region, (begin, end) -> log(target).started(operation, begin, end, site));
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

    public final void accumulate(int target, long offset, DataType type, Operator op, MemorySegment source) {
        synchronized (check) {
            long end = offset + source.byteSize();
            Operation operation = Operation.accumulate(type, op);
            String site = check.sites.of(operation);
            writingElement(target, operation, offset, end);
            inner.accumulate(target, offset, type, op, source);
            started(target, operation, offset, end, site);
            check.buffers.take(source, false, operation, site, window, target);
        }
    }

    /// One element may be a flag that others look at; many are data.
    private void writingElement(int target, Operation operation, long offset, long end) {
        if (end - offset == operation.width) {
            writing(target, operation, offset);
        }
    }

    public final void getAccumulate(
            int target, long offset, DataType type, Operator op, MemorySegment source, MemorySegment result) {
        synchronized (check) {
            long end = offset + source.byteSize();
            Operation operation = Operation.getAccumulate(type, op);
            String site = check.sites.of(operation);
            writingElement(target, operation, offset, end);
            inner.getAccumulate(target, offset, type, op, source, result);
            started(target, operation, offset, end, site);
            if (end - offset == operation.width) {
                log(target).fetching(offset);
            }
            if (source.asOverlappingSlice(result).isEmpty()) {
                check.buffers.take(source, false, operation, site, window, target);
            }
            check.buffers.take(result, true, operation, site, window, target);
        }
    }

    public final void accumulate(int target, Region to, DataType type, Operator op, MemorySegment source, Region from) {
        synchronized (check) {
            Operation operation = Operation.accumulate(type, op);
            String site = check.sites.of(operation);
            inner.accumulate(target, to, type, op, source, from);
            started(target, to, operation, site);
            takeBuffer(source, from, false, operation, site, target);
        }
    }

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
            String site = check.sites.of(operation);
            inner.getAccumulate(target, at, type, op, source, from, result, into);
            started(target, at, operation, site);
            if (source.asOverlappingSlice(result).isEmpty()) {
                takeBuffer(source, from, false, operation, site, target);
            }
            takeBuffer(result, into, true, operation, site, target);
        }
    }

    public final void putByte(int target, long offset, byte value) {
        synchronized (check) {
            String site = puttingValue(target, offset, Byte.BYTES);
            inner.putByte(target, offset, value);
            started(target, Operation.put(offset, Byte.BYTES), offset, offset + Byte.BYTES, site);
        }
    }

    public final void putInt(int target, long offset, int value) {
        synchronized (check) {
            String site = puttingValue(target, offset, Integer.BYTES);
            inner.putInt(target, offset, value);
            started(target, Operation.put(offset, Integer.BYTES), offset, offset + Integer.BYTES, site);
        }
    }

    public final void putLong(int target, long offset, long value) {
        synchronized (check) {
            String site = puttingValue(target, offset, Long.BYTES);
            inner.putLong(target, offset, value);
            started(target, Operation.put(offset, Long.BYTES), offset, offset + Long.BYTES, site);
        }
    }

    private String puttingValue(int target, long offset, int width) {
        Operation operation = Operation.put(offset, width);
        String site = check.sites.of(operation);
        writing(target, operation, offset);
        return site;
    }

    public final byte getByte(int target, long offset) {
        synchronized (check) {
            Operation operation = Operation.value(offset, Byte.BYTES);
            String site = check.sites.of(operation);
            byte value = inner.getByte(target, offset);
            gotValue(target, operation, offset, Byte.BYTES, site);
            return value;
        }
    }

    public final int getInt(int target, long offset) {
        synchronized (check) {
            Operation operation = Operation.value(offset, Integer.BYTES);
            String site = check.sites.of(operation);
            int value = inner.getInt(target, offset);
            gotValue(target, operation, offset, Integer.BYTES, site);
            return value;
        }
    }

    public final long getLong(int target, long offset) {
        synchronized (check) {
            Operation operation = Operation.value(offset, Long.BYTES);
            String site = check.sites.of(operation);
            long value = inner.getLong(target, offset);
            gotValue(target, operation, offset, Long.BYTES, site);
            return value;
        }
    }

    private void gotValue(int target, Operation operation, long offset, int width, String site) {
        require(target, operation, offset, offset + width, site);
        log(target).completed(operation, offset, offset + width, site);
        if (operation.width > 0) {
            window.clocks().read(target, offset);
        }
    }

    private String operating(int target, Operation operation, long offset) {
        String site = check.sites.of(operation);
        writing(target, operation, offset);
        return site;
    }

    private void operated(int target, Operation operation, long offset, String site) {
        require(target, operation, offset, offset + operation.width, site);
        log(target).completed(operation, offset, offset + operation.width, site);
        window.clocks().read(target, offset);
    }

    public final long fetchAndOp(int target, long offset, Operator op, long operand) {
        synchronized (check) {
            Operation operation = Operation.atomic(Long.BYTES, op);
            String site = operating(target, operation, offset);
            long before = inner.fetchAndOp(target, offset, op, operand);
            operated(target, operation, offset, site);
            return before;
        }
    }

    public final int fetchAndOp(int target, long offset, Operator op, int operand) {
        synchronized (check) {
            Operation operation = Operation.atomic(Integer.BYTES, op);
            String site = operating(target, operation, offset);
            int before = inner.fetchAndOp(target, offset, op, operand);
            operated(target, operation, offset, site);
            return before;
        }
    }

    public final long compareAndExchange(int target, long offset, long expected, long value) {
        synchronized (check) {
            Operation operation = Operation.exchange(Long.BYTES);
            String site = operating(target, operation, offset);
            long before = inner.compareAndExchange(target, offset, expected, value);
            operated(target, operation, offset, site);
            return before;
        }
    }

    public final int compareAndExchange(int target, long offset, int expected, int value) {
        synchronized (check) {
            Operation operation = Operation.exchange(Integer.BYTES);
            String site = operating(target, operation, offset);
            int before = inner.compareAndExchange(target, offset, expected, value);
            operated(target, operation, offset, site);
            return before;
        }
    }
}
