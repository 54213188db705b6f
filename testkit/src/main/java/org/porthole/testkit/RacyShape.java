package org.porthole.testkit;

import java.lang.foreign.MemorySegment;
import org.porthole.Access;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.Region;

/// One access to the 40 bytes at an offset, or to the word there; what [RacyProgram] makes programs of.
enum RacyShape {
    PUT(Family.PLAIN, true) {
        @Override
        void perform(Access access, int target, long offset) {
            access.put(target, offset, MemorySegment.ofArray(new byte[SIZE]));
        }
    },
    PUT_REGION(Family.PLAIN, true) {
        @Override
        void perform(Access access, int target, long offset) {
            access.put(
                    target,
                    Region.strided(offset, 4, SIZE / 8, 8),
                    MemorySegment.ofArray(new byte[SIZE / 2]),
                    Region.contiguous(0, SIZE / 2));
        }
    },
    PUT_LONG(Family.WORD, true) {
        @Override
        void perform(Access access, int target, long offset) {
            access.putLong(target, offset, 1);
        }
    },
    PUT_WORD(Family.WORD, true) {
        @Override
        void perform(Access access, int target, long offset) {
            access.put(target, offset, MemorySegment.ofArray(new long[] {1}));
        }
    },
    GET(Family.PLAIN, false) {
        @Override
        void perform(Access access, int target, long offset) {
            access.get(target, offset, MemorySegment.ofArray(new byte[SIZE]));
        }
    },
    GET_LONG(Family.POLL, false) {
        @Override
        void perform(Access access, int target, long offset) {
            long ignored = access.getLong(target, offset);
        }
    },
    SUM(Family.ACCUMULATE, true) {
        @Override
        void perform(Access access, int target, long offset) {
            access.accumulate(target, offset, DataType.LONG, Operator.SUM, MemorySegment.ofArray(new byte[SIZE]));
        }
    },
    MAX(Family.ACCUMULATE, true) {
        @Override
        void perform(Access access, int target, long offset) {
            access.accumulate(target, offset, DataType.LONG, Operator.MAX, MemorySegment.ofArray(new byte[SIZE]));
        }
    },
    SUM_OF_DOUBLES(Family.ACCUMULATE, true) {
        @Override
        void perform(Access access, int target, long offset) {
            access.accumulate(target, offset, DataType.DOUBLE, Operator.SUM, MemorySegment.ofArray(new byte[SIZE]));
        }
    },
    GET_AND_SUM(Family.ACCUMULATE, true) {
        @Override
        void perform(Access access, int target, long offset) {
            MemorySegment both = MemorySegment.ofArray(new byte[SIZE]);
            access.getAccumulate(target, offset, DataType.LONG, Operator.SUM, both, both);
        }
    },
    ADD(Family.ATOMIC, true) {
        @Override
        void perform(Access access, int target, long offset) {
            long ignored = access.fetchAdd(target, offset, 1);
        }
    },
    EXCHANGE(Family.ATOMIC, true) {
        @Override
        void perform(Access access, int target, long offset) {
            long ignored = access.compareAndExchange(target, offset, 0L, 1L);
        }
    };

    static final int SIZE = 40;

    private enum Family {
        PLAIN,
        WORD,
        POLL,
        ACCUMULATE,
        ATOMIC
    }

    private final Family family;
    private final boolean writes;

    RacyShape(Family family, boolean writes) {
        this.family = family;
        this.writes = writes;
    }

    abstract void perform(Access access, int target, long offset);

    /// Whether two of these by different origins conflict where nothing orders them.
    boolean conflictsWith(RacyShape other) {
        if (!writes && !other.writes) {
            return false;
        }
        if (isAtomic() && other.isAtomic()) {
            return family == Family.ACCUMULATE && other.family == Family.ACCUMULATE && kindOfSum() != other.kindOfSum();
        }
        return family == Family.PLAIN
                || other.family == Family.PLAIN
                || (family == Family.WORD && other.family == family);
    }

    private int kindOfSum() {
        return switch (this) {
            case MAX -> 1;
            case SUM_OF_DOUBLES -> 2;
            default -> 0;
        };
    }

    private boolean isAtomic() {
        return family == Family.ACCUMULATE || family == Family.ATOMIC;
    }

    /// Whether it conflicts with an earlier one of the same origin where nothing completes that.
    boolean conflictsWithEarlier(RacyShape earlier) {
        return earlier.isOpen() && (writes || earlier.writes) && !(isAtomic() && earlier.isAtomic());
    }

    /// Whether it may be incomplete when it returns.
    boolean isOpen() {
        return family != Family.POLL && family != Family.ATOMIC;
    }

    /// Whether it is complete, at both ends, once it is complete here.
    boolean isFetching() {
        return this == GET || this == GET_AND_SUM;
    }
}
