package org.porthole.testkit;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.porthole.Region;

/// A region made of chance, and the offsets of its bytes in order: what a model moves.
final class RandomRegion {
    private final Region region;
    private final int[] offsets;

    private RandomRegion(Region region, int... offsets) {
        this.region = region;
        this.offsets = offsets;
    }

    Region region() {
        return region;
    }

    /// How many bytes it has.
    int size() {
        return offsets.length;
    }

    /// Where byte `i` lies; no two lie together.
    int offset(int i) {
        return offsets[i];
    }

    /// A region of any shape and size.
    ///
    /// @param random where it comes from
    /// @param base   the least offset
    /// @param most   how far beyond it the region may reach, in bytes
    static RandomRegion of(SplittableRandom random, int base, int most) {
        return random.nextInt(3) == 0
                ? withSize(random, base, most, random.nextInt(200))
                : box(random, base, most, 1 + random.nextInt(9));
    }

    /// A region of any shape and size whose runs are whole elements.
    ///
    /// @param base    the least offset, a multiple of `element`
    /// @param most    how far beyond it the region may reach, in bytes
    /// @param element bytes per element
    static RandomRegion ofElements(SplittableRandom random, int base, int most, int element) {
        return random.nextInt(3) == 0
                ? withElements(random, base, most, element, random.nextInt(25))
                : box(random, base, most, element);
    }

    /// Pieces in any order which are whole elements.
    ///
    /// @param count how many elements in all
    static RandomRegion withElements(SplittableRandom random, int base, int most, int element, int count) {
        RandomRegion unit = withSize(random, 0, most / element, count);
        long[] places = Arrays.stream(unit.offsets)
                .mapToLong(offset -> base + (long) element * offset)
                .toArray();
        long[] sizes = new long[places.length];
        Arrays.fill(sizes, element);
        int[] offsets = Arrays.stream(places)
                .flatMap(place -> LongStream.range(place, place + element))
                .mapToInt(Math::toIntExact)
                .toArray();
        return new RandomRegion(Region.indexed(places, sizes), offsets);
    }

    /// A region of a given size: pieces in any order.
    static RandomRegion withSize(SplittableRandom random, int base, int most, int size) {
        int pieces = 1 + random.nextInt(10);
        int[] cuts = IntStream.concat(
                        IntStream.of(0, size),
                        random.ints(pieces - 1, 0, size + 1).limit(pieces - 1L))
                .sorted()
                .toArray();
        long[] starts = new long[pieces];
        long[] lengths = new long[pieces];
        int room = most / pieces;
        for (int i = 0; i < pieces; i++) {
            lengths[i] = (long) cuts[i + 1] - cuts[i];
            starts[i] = base + (long) i * room + random.nextLong(Math.max(1, room - lengths[i]));
        }
        if (Arrays.stream(lengths).anyMatch(length -> length > room)) {
            starts = new long[] {base + random.nextInt(most - size + 1)};
            lengths = new long[] {size};
        }
        for (int i = starts.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            swap(starts, i, j);
            swap(lengths, i, j);
        }
        long[] places = starts;
        long[] sizes = lengths;
        int[] offsets = IntStream.range(0, places.length)
                .flatMap(i -> IntStream.range((int) places[i], (int) (places[i] + sizes[i])))
                .toArray();
        return new RandomRegion(Region.indexed(places, sizes), offsets);
    }

    private static void swap(long[] values, int i, int j) {
        long value = values[i];
        values[i] = values[j];
        values[j] = value;
    }

    /// A box in an array of one to four dimensions, sometimes walked backwards.
    private static RandomRegion box(SplittableRandom random, int base, int most, int element) {
        int dimensions = 1 + random.nextInt(4);
        long[] sizes = new long[dimensions];
        long[] starts = new long[dimensions];
        long[] extents = new long[dimensions];
        long[] strides = new long[dimensions];
        long stride = element;
        long first = base;
        for (int d = dimensions - 1; d >= 0; d--) {
            sizes[d] = random.nextLong(1, 6);
            extents[d] = random.nextLong(sizes[d] + 1);
            starts[d] = random.nextLong(sizes[d] - extents[d] + 1);
            strides[d] = stride;
            first += starts[d] * stride;
            stride *= sizes[d];
        }
        if (stride > most) {
            return withElements(random, base, most, element, random.nextInt(100) / element);
        }
        boolean backwards = random.nextInt(4) == 0 && Arrays.stream(extents).allMatch(extent -> extent > 0);
        if (!backwards && base == 0) {
            return new RandomRegion(
                    Region.subarray(element, sizes, starts, extents), walk(first, element, extents, strides));
        }
        if (backwards) {
            first += strides[0] * (extents[0] - 1);
            strides[0] = -strides[0];
        }
        return new RandomRegion(
                Region.strided(first, element, extents, strides), walk(first, element, extents, strides));
    }

    private static int[] walk(long first, int element, long[] extents, long[] strides) {
        int[] offsets = IntStream.range((int) first, (int) first + element).toArray();
        for (int d = extents.length - 1; d >= 0; d--) {
            int[] inner = offsets;
            int stride = (int) strides[d];
            offsets = IntStream.range(0, (int) extents[d])
                    .flatMap(i -> Arrays.stream(inner).map(offset -> offset + i * stride))
                    .toArray();
        }
        return offsets;
    }

    @Override
    public String toString() {
        return offsets.length + " bytes at " + Arrays.toString(offsets);
    }
}
