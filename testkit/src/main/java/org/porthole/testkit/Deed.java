package org.porthole.testkit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.porthole.Access;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.Region;

/// One operation of a [RandomProgram], with what it must bring.
sealed interface Deed {
    /// The rank that does it.
    int origin();

    /// The rank on whose part.
    int target();

    /// Starts it.
    ///
    /// @param access an epoch that covers the target
    /// @param arena  for memory that must live until the flush
    /// @return what to check after the flush
    Runnable perform(Access access, Arena arena);

    private static void require(long seen, long wanted, Deed deed) {
        if (seen != wanted) {
            throw new AssertionError(deed + " brought " + seen);
        }
    }

    record Put(int origin, int target, int offset, MemorySegment content, SegmentKind kind, int shift) implements Deed {
        @Override
        public Runnable perform(Access access, Arena arena) {
            access.put(target, offset, kind.holding(arena, content, shift));
            return () -> {};
        }
    }

    record Get(int origin, int target, int offset, MemorySegment expected, SegmentKind kind, int shift)
            implements Deed {
        @Override
        public Runnable perform(Access access, Arena arena) {
            MemorySegment destination =
                    kind.allocate(arena, shift + (int) expected.byteSize()).asSlice(shift);
            access.get(target, offset, destination);
            return () -> require(destination.mismatch(expected), -1, this);
        }
    }

    /// An addition of which only the sum of all is known.
    record Add(int origin, int target, int offset, long operand) implements Deed {
        @Override
        public Runnable perform(Access access, Arena arena) {
            long ignored = access.fetchAdd(target, offset, operand);
            return () -> {};
        }
    }

    record FetchLong(int origin, int target, int offset, Operator op, long operand, long before) implements Deed {
        @Override
        public Runnable perform(Access access, Arena arena) {
            require(access.fetchAndOp(target, offset, op, operand), before, this);
            return () -> {};
        }
    }

    record FetchInt(int origin, int target, int offset, Operator op, int operand, int before) implements Deed {
        @Override
        public Runnable perform(Access access, Arena arena) {
            require(access.fetchAndOp(target, offset, op, operand), before, this);
            return () -> {};
        }
    }

    record ExchangeLong(int origin, int target, int offset, long expected, long value, long before) implements Deed {
        @Override
        public Runnable perform(Access access, Arena arena) {
            require(access.compareAndExchange(target, offset, expected, value), before, this);
            return () -> {};
        }
    }

    record ExchangeInt(int origin, int target, int offset, int expected, int value, int before) implements Deed {
        @Override
        public Runnable perform(Access access, Arena arena) {
            require(access.compareAndExchange(target, offset, expected, value), before, this);
            return () -> {};
        }
    }

    /// Accumulates, and fetches the elements from before if that is asked for.
    record Accumulate(
            int origin,
            int target,
            int offset,
            DataType type,
            Operator op,
            MemorySegment operands,
            MemorySegment before,
            boolean fetches,
            SegmentKind kind,
            int shift)
            implements Deed {
        @Override
        public Runnable perform(Access access, Arena arena) {
            MemorySegment source = kind.holding(arena, operands, shift);
            if (!fetches) {
                access.accumulate(target, offset, type, op, source);
                return () -> {};
            }
            MemorySegment result =
                    kind.allocate(arena, shift + (int) before.byteSize()).asSlice(shift);
            access.getAccumulate(target, offset, type, op, source, result);
            return () -> require(result.mismatch(before), -1, this);
        }
    }

    /// Puts what lies in one shape here into another there.
    record PutRegion(int origin, int target, Region to, MemorySegment local, Region from) implements Deed {
        @Override
        public Runnable perform(Access access, Arena arena) {
            access.put(target, to, local, from);
            return () -> {};
        }
    }

    /// Accumulates what lies in one shape here on another there, and fetches the elements from before into a third.
    record AccumulateRegion(
            int origin,
            int target,
            Region at,
            DataType type,
            Operator op,
            MemorySegment operands,
            Region from,
            MemorySegment before,
            Region into)
            implements Deed {
        @Override
        public Runnable perform(Access access, Arena arena) {
            MemorySegment result = MemorySegment.ofArray(new byte[(int) before.byteSize()]);
            access.getAccumulate(target, at, type, op, operands, from, result, into);
            return () -> require(result.mismatch(before), -1, this);
        }
    }

    /// Gets what lies in one shape there into another here.
    record GetRegion(int origin, int target, Region from, MemorySegment expected, Region to) implements Deed {
        @Override
        public Runnable perform(Access access, Arena arena) {
            MemorySegment destination = MemorySegment.ofArray(new byte[(int) expected.byteSize()]);
            access.get(target, from, destination, to);
            return () -> require(destination.mismatch(expected), -1, this);
        }
    }
}
