package org.porthole.testkit;

import java.lang.foreign.MemorySegment;
import org.porthole.Access;
import org.porthole.Operator;
import org.porthole.Right;

/// Every one-sided operation, for tests of what all of them refuse.
enum OneSided {
    PUT(Long.BYTES, false) {
        @Override
        void perform(Access access, int target, long offset) {
            access.put(target, offset, MemorySegment.ofArray(new long[] {-1}));
        }
    },
    GET(Long.BYTES, false) {
        @Override
        void perform(Access access, int target, long offset) {
            access.get(target, offset, MemorySegment.ofArray(new long[1]));
        }
    },
    PUT_BYTE(Byte.BYTES, false) {
        @Override
        void perform(Access access, int target, long offset) {
            access.putByte(target, offset, (byte) -1);
        }
    },
    PUT_INT(Integer.BYTES, false) {
        @Override
        void perform(Access access, int target, long offset) {
            access.putInt(target, offset, -1);
        }
    },
    PUT_LONG(Long.BYTES, false) {
        @Override
        void perform(Access access, int target, long offset) {
            access.putLong(target, offset, -1);
        }
    },
    PUT_DOUBLE(Double.BYTES, false) {
        @Override
        void perform(Access access, int target, long offset) {
            access.putDouble(target, offset, -1);
        }
    },
    GET_BYTE(Byte.BYTES, false) {
        @Override
        void perform(Access access, int target, long offset) {
            byte ignored = access.getByte(target, offset);
        }
    },
    GET_INT(Integer.BYTES, false) {
        @Override
        void perform(Access access, int target, long offset) {
            int ignored = access.getInt(target, offset);
        }
    },
    GET_LONG(Long.BYTES, false) {
        @Override
        void perform(Access access, int target, long offset) {
            long ignored = access.getLong(target, offset);
        }
    },
    GET_DOUBLE(Double.BYTES, false) {
        @Override
        void perform(Access access, int target, long offset) {
            double ignored = access.getDouble(target, offset);
        }
    },
    FETCH_LONG(Long.BYTES, true) {
        @Override
        void perform(Access access, int target, long offset) {
            long ignored = access.fetchAndOp(target, offset, Operator.REPLACE, -1L);
        }
    },
    FETCH_INT(Integer.BYTES, true) {
        @Override
        void perform(Access access, int target, long offset) {
            int ignored = access.fetchAndOp(target, offset, Operator.REPLACE, -1);
        }
    },
    FETCH_ADD(Long.BYTES, true) {
        @Override
        void perform(Access access, int target, long offset) {
            long ignored = access.fetchAdd(target, offset, -1L);
        }
    },
    EXCHANGE_LONG(Long.BYTES, true) {
        @Override
        void perform(Access access, int target, long offset) {
            long ignored = access.compareAndExchange(target, offset, 0L, -1L);
        }
    },
    EXCHANGE_INT(Integer.BYTES, true) {
        @Override
        void perform(Access access, int target, long offset) {
            int ignored = access.compareAndExchange(target, offset, 0, -1);
        }
    };

    /// How many bytes it touches.
    final int length;
    /// Whether its offset must be a multiple of the length.
    final boolean atomic;

    OneSided(int length, boolean atomic) {
        this.length = length;
        this.atomic = atomic;
    }

    /// What it takes.
    Right right() {
        return atomic ? Right.ATOMIC : name().startsWith("PUT") ? Right.WRITE : Right.READ;
    }

    /// Touches [#length] bytes; what writes, writes ones.
    abstract void perform(Access access, int target, long offset);
}
