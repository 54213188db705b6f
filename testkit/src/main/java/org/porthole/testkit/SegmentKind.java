package org.porthole.testkit;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The kinds of memory that a program may put from and get into.
enum SegmentKind {
    NATIVE {
        @Override
        MemorySegment allocate(Arena arena, int byteSize) {
            return arena.allocate(byteSize, Long.BYTES);
        }
    },
    BYTE_ARRAY {
        @Override
        MemorySegment allocate(Arena arena, int byteSize) {
            return MemorySegment.ofArray(new byte[byteSize]);
        }
    },
    LONG_ARRAY {
        @Override
        MemorySegment allocate(Arena arena, int byteSize) {
            return MemorySegment.ofArray(new long[words(byteSize)]).asSlice(0, byteSize);
        }
    },
    DOUBLE_ARRAY {
        @Override
        MemorySegment allocate(Arena arena, int byteSize) {
            return MemorySegment.ofArray(new double[words(byteSize)]).asSlice(0, byteSize);
        }
    };

    abstract MemorySegment allocate(Arena arena, int byteSize);

    /// Memory that holds `bytes` from byte `shift` of an aligned allocation on.
    MemorySegment holding(Arena arena, byte[] bytes, int shift) {
        return holding(arena, MemorySegment.ofArray(bytes), shift);
    }

    /// Memory that holds a copy of `content` from byte `shift` of an aligned allocation on.
    MemorySegment holding(Arena arena, MemorySegment content, int shift) {
        return allocate(arena, shift + (int) content.byteSize()).asSlice(shift).copyFrom(content);
    }

    private static int words(int byteSize) {
        return (byteSize + Long.BYTES - 1) / Long.BYTES;
    }
}
