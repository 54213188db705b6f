package org.porthole.internal.team;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.porthole.DataType;
import org.porthole.Operator;

/// What is wrong with the arguments of a collective operation whatever the other ranks bring.
///
/// @param rank this rank
/// @param size how many ranks the team has
record TeamChecks(int rank, int size) {

    void requireRank(int root) {
        if (root < 0 || root >= size) {
            throw new IndexOutOfBoundsException("root " + root + " is not a rank of a team of " + size);
        }
    }

    static void requireWritable(String what, MemorySegment destination) {
        if (destination.isReadOnly()) {
            throw new IllegalArgumentException(what + " into a read-only segment");
        }
    }

    static void requireReduction(Operator op, DataType type) {
        if (!op.isReduction() || !op.isDefinedFor(type)) {
            throw new IllegalArgumentException(op + " is no reduction of " + type);
        }
    }

    static void requireElements(String what, MemorySegment elements, DataType type, Operator op) {
        requireReduction(op, type);
        if (elements.byteSize() % type.byteSize() != 0) {
            throw new IllegalArgumentException(what + " of " + elements.byteSize() + " bytes: not a multiple of "
                    + type.byteSize() + ", the size of a " + type);
        }
    }

    static void requireReducible(
            String what, MemorySegment source, MemorySegment destination, DataType type, Operator op) {
        requireReduction(op, type);
        if (source.byteSize() != destination.byteSize() || source.byteSize() % type.byteSize() != 0) {
            throw new IllegalArgumentException(what + " from " + source.byteSize() + " to " + destination.byteSize()
                    + " bytes: they must be equal and a multiple of " + type.byteSize() + ", the size of a "
                    + type);
        }
        requireWritable(what, destination);
    }

    void requirePieces(String what, MemorySegment whole, MemorySegment piece) {
        if (piece.byteSize() > Long.MAX_VALUE / size || whole.byteSize() != piece.byteSize() * size) {
            throw new IllegalArgumentException(what + " of pieces of " + piece.byteSize() + " bytes: the whole has "
                    + whole.byteSize() + ", not " + size + " times as many");
        }
    }

    void requirePlaces(String what, MemorySegment whole, long[] counts, long[] displacements) {
        requireOnePerRank(what, counts);
        requireOnePerRank(what, displacements);
        for (int peer = 0; peer < size; peer++) {
            Objects.checkFromIndexSize(displacements[peer], counts[peer], whole.byteSize());
        }
    }

    void requireBlocks(String what, MemorySegment whole, long[] counts, DataType type) {
        requireOnePerRank(what, counts);
        long left = whole.byteSize();
        for (long count : counts) {
            if (count < 0 || count > left || count % type.byteSize() != 0) {
                throw new IllegalArgumentException(what + " of a block of " + count + " bytes where " + left
                        + " are left: blocks are multiples of " + type.byteSize() + ", the size of a " + type);
            }
            left -= count;
        }
        if (left != 0) {
            throw new IllegalArgumentException(
                    what + " of " + whole.byteSize() + " bytes, of which " + left + " belong to no block");
        }
    }

    void requireOwnCount(String what, long[] counts, MemorySegment own) {
        if (counts[rank] != own.byteSize()) {
            throw new IllegalArgumentException(
                    what + " with " + own.byteSize() + " bytes of this rank, of which the counts say " + counts[rank]);
        }
    }

    private void requireOnePerRank(String what, long[] values) {
        if (values.length != size) {
            throw new IllegalArgumentException(
                    what + " with " + values.length + " counts or displacements in a team of " + size);
        }
    }
}
