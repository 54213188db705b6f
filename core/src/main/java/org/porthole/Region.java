package org.porthole;

import java.util.Arrays;
import java.util.Objects;

/// Which bytes of a window's part or of a segment an operation touches, and in which order: blocks at regular distances in any number of
/// dimensions, or a list of pieces. Immutable; made once and used again and again.
///
/// A put or get between two regions pairs their bytes in order; the regions need the same size, not the same shape. Where the bytes of a
/// destination overlap each other, the result there is undefined.
///
/// **Source.** MPI-4.1, 5.1.2 (vector, indexed and subarray types); OpenSHMEM 1.5, 9.7.3 (`iput`).
public final class Region {
    private static final long[] NONE = {};

    private final long offset;
    private final long block;
    private final long[] counts;
    private final long[] strides;
    private final long[] offsets;
    private final long[] lengths;
    private final long byteSize;
    private final long lowest;
    private final long highest;
    /// The bits of all runs' lengths, and of those and their offsets, of which the low ones tell what divides them.
    private final long lengthBits;

    private final long placeBits;

    private Region(long offset, long block, long[] counts, long[] strides) {
        this.offset = offset;
        this.block = block;
        this.counts = counts;
        this.strides = strides;
        offsets = NONE;
        lengths = NONE;
        long size = block;
        long low = offset;
        long high = Math.addExact(offset, block);
        for (int d = 0; d < counts.length; d++) {
            size = Math.multiplyExact(size, counts[d]);
            long span = Math.multiplyExact(strides[d], Math.max(0, counts[d] - 1));
            low = Math.addExact(low, Math.min(0, span));
            high = Math.addExact(high, Math.max(0, span));
        }
        byteSize = size;
        lowest = size == 0 ? 0 : low;
        highest = size == 0 ? 0 : high;
        lengthBits = size == 0 ? 0 : block;
        placeBits = size == 0 ? 0 : Arrays.stream(strides).reduce(offset | block, (a, b) -> a | b);
        requireFromStart();
    }

    private Region(long[] offsets, long[] lengths) {
        this.offsets = offsets;
        this.lengths = lengths;
        offset = 0;
        block = 0;
        counts = NONE;
        strides = NONE;
        long size = 0;
        long low = Long.MAX_VALUE;
        long high = 0;
        long bits = 0;
        long places = 0;
        for (int i = 0; i < offsets.length; i++) {
            if (lengths[i] < 0) {
                throw new IllegalArgumentException("piece " + i + " has " + lengths[i] + " bytes");
            }
            if (lengths[i] > 0) {
                size = Math.addExact(size, lengths[i]);
                low = Math.min(low, offsets[i]);
                high = Math.max(high, Math.addExact(offsets[i], lengths[i]));
                bits |= lengths[i];
                places |= offsets[i] | lengths[i];
            }
        }
        byteSize = size;
        lowest = size == 0 ? 0 : low;
        highest = high;
        lengthBits = bits;
        placeBits = places;
        requireFromStart();
    }

    private void requireFromStart() {
        if (lowest < 0) {
            throw new IllegalArgumentException("the region begins at offset " + lowest + ": before the start");
        }
    }

    /// One run of bytes.
    ///
    /// @param offset its first byte
    /// @param length how many
    /// @return the region
    /// @throws IllegalArgumentException if either is negative
    public static Region contiguous(long offset, long length) {
        return strided(offset, length, NONE, NONE);
    }

    /// Blocks at a regular distance.
    ///
    /// @param offset the first block's first byte
    /// @param block  bytes per block
    /// @param count  how many blocks
    /// @param stride bytes from the start of one block to that of the next; may be negative
    /// @return the region
    /// @throws IllegalArgumentException if `block` or `count` is negative, or a block begins before offset 0
    /// @throws ArithmeticException      if an offset exceeds a `long`
    public static Region strided(long offset, long block, long count, long stride) {
        return strided(offset, block, new long[] {count}, new long[] {stride});
    }

    /// Blocks at regular distances in several dimensions, the last varying fastest.
    ///
    /// @param offset  the first block's first byte
    /// @param block   bytes per block
    /// @param counts  how many in each dimension
    /// @param strides bytes from one to the next in each dimension; may be negative
    /// @return the region
    /// @throws IllegalArgumentException if the arrays' lengths differ, `block` or a count is negative, or a block begins before offset 0
    /// @throws ArithmeticException      if an offset exceeds a `long`
    public static Region strided(long offset, long block, long[] counts, long[] strides) {
        if (counts.length != strides.length) {
            throw new IllegalArgumentException(counts.length + " counts and " + strides.length + " strides");
        }
        if (block < 0 || Arrays.stream(counts).anyMatch(count -> count < 0)) {
            throw new IllegalArgumentException(
                    Arrays.toString(counts) + " blocks of " + block + " bytes: neither can be negative");
        }
        // What touches the block without a gap is part of it.
        int dimensions = counts.length;
        long whole = block;
        while (dimensions > 0 && (strides[dimensions - 1] == whole || counts[dimensions - 1] == 1)) {
            dimensions--;
            whole = Math.multiplyExact(whole, counts[dimensions]);
        }
        return new Region(offset, whole, Arrays.copyOf(counts, dimensions), Arrays.copyOf(strides, dimensions));
    }

    /// A box in an array of any number of dimensions, stored row by row (the last dimension varying fastest).
    ///
    /// @param elementBytes bytes per element
    /// @param sizes        the array's extent in each dimension, in elements
    /// @param starts       the box's first element in each dimension
    /// @param extents      the box's extent in each dimension, in elements
    /// @return the region; its offsets count from the array's start
    /// @throws IllegalArgumentException if the arrays' lengths differ, or the box leaves the array
    /// @throws ArithmeticException      if an offset exceeds a `long`
    public static Region subarray(long elementBytes, long[] sizes, long[] starts, long[] extents) {
        if (sizes.length != starts.length || sizes.length != extents.length) {
            throw new IllegalArgumentException("a box needs a size, a start and an extent for each dimension, not "
                    + sizes.length + ", " + starts.length + " and " + extents.length);
        }
        long[] strides = new long[sizes.length];
        long stride = elementBytes;
        long first = 0;
        for (int d = sizes.length - 1; d >= 0; d--) {
            if (starts[d] < 0 || extents[d] < 0 || starts[d] > sizes[d] - extents[d]) {
                throw new IllegalArgumentException("dimension " + d + ": " + extents[d] + " elements from " + starts[d]
                        + " leave the array, which has " + sizes[d]);
            }
            strides[d] = stride;
            first = Math.addExact(first, Math.multiplyExact(starts[d], stride));
            stride = Math.multiplyExact(stride, sizes[d]);
        }
        return strided(first, elementBytes, extents, strides);
    }

    /// A list of pieces.
    ///
    /// @param offsets each piece's first byte; may be in any order
    /// @param lengths how many bytes each has
    /// @return the region
    /// @throws IllegalArgumentException if the arrays' lengths differ, or a piece has a negative offset or length
    public static Region indexed(long[] offsets, long[] lengths) {
        if (offsets.length != lengths.length) {
            throw new IllegalArgumentException(offsets.length + " offsets and " + lengths.length + " lengths");
        }
        return new Region(offsets.clone(), lengths.clone());
    }

    /// How many bytes it has.
    ///
    /// @return the sum over all blocks or pieces
    public long byteSize() {
        return byteSize;
    }

    /// Where it begins.
    ///
    /// @return the lowest offset that it touches; 0 if it has no bytes
    public long lowest() {
        return lowest;
    }

    /// Where it ends.
    ///
    /// @return the offset after the highest that it touches; 0 if it has no bytes
    public long highest() {
        return highest;
    }

    /// Whether each run is a whole number of elements.
    ///
    /// @param elementBytes bytes per element: 1, 2, 4 or 8
    /// @return false if an element could lie in two runs
    public boolean isWhole(int elementBytes) {
        return (lengthBits & elementBytes - 1) == 0;
    }

    /// Whether each run begins at a multiple of an element's size, and is a whole number of elements.
    ///
    /// @param elementBytes bytes per element: 1, 2, 4 or 8
    /// @return true if atomics on the elements are possible
    public boolean isAligned(int elementBytes) {
        return (placeBits & elementBytes - 1) == 0;
    }

    /// Walks over the runs of a region. One cursor serves many walks.
    ///
    /// **Threads.** One at a time.  **Cost.** No allocation but for the first region of more dimensions than any before.
    public static final class Cursor {
        private Region region = contiguous(0, 0);
        private long[] index = new long[4];
        private int piece;
        private long position;
        private long run;

        /// A cursor on nothing.
        public Cursor() {}

        /// Goes to the first byte.
        ///
        /// @param to the region to walk over
        public void start(Region to) {
            region = Objects.requireNonNull(to, "to");
            if (to.offsets.length > 0) {
                piece = -1;
                run = 0;
                nextPiece();
                return;
            }
            if (index.length < to.counts.length) {
                index = new long[to.counts.length];
            }
            Arrays.fill(index, 0);
            position = to.offset;
            run = to.block;
        }

        /// The offset of the next byte.
        ///
        /// @return bytes from the start of the part or segment
        public long position() {
            return position;
        }

        /// How many bytes follow without a gap.
        ///
        /// @return more than 0 as long as there are bytes left
        public long run() {
            return run;
        }

        /// Goes on.
        ///
        /// @param bytes how far, at most [#run()]
        public void advance(long bytes) {
            position += bytes;
            run -= bytes;
            if (run == 0) {
                if (region.offsets.length > 0) {
                    nextPiece();
                } else {
                    nextBlock();
                }
            }
        }

        private void nextPiece() {
            while (run == 0 && ++piece < region.offsets.length) {
                position = region.offsets[piece];
                run = region.lengths[piece];
            }
        }

        private void nextBlock() {
            long[] counts = region.counts;
            long[] strides = region.strides;
            position -= region.block;
            for (int d = counts.length - 1; d >= 0; d--) {
                position += strides[d];
                if (++index[d] < counts[d]) {
                    run = region.block;
                    return;
                }
                position -= strides[d] * counts[d];
                index[d] = 0;
            }
        }
    }
}
