package org.porthole.examples;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.porthole.Epoch;
import org.porthole.Region;
import org.porthole.Window;

/// Those elements of a vector, which is spread over all ranks, that a rank's rows of a matrix are multiplied by.
///
/// Each rank has its part of the vector in its part of a window. What is needed of it is a list of pieces, made once: [Region#indexed].
final class Halo {
    private final Window vector;
    private final Region[] pieces; // by owner
    private final Region[] places;
    private final double[] elements;

    /// Nothing is fetched yet.
    ///
    /// @param vector the window
    /// @param needed which elements, in ascending order
    Halo(Window vector, Blocks blocks, int[] needed) {
        this.vector = vector;
        pieces = new Region[blocks.parts()];
        places = new Region[blocks.parts()];
        elements = new double[needed.length];
        int begin = 0;
        for (int owner = 0; owner < pieces.length; owner++) {
            long first = blocks.first(owner);
            int end = begin;
            while (end < needed.length && needed[end] < first + blocks.count(owner)) {
                end++;
            }
            long[] offsets = Arrays.stream(needed, begin, end)
                    .mapToLong(element -> Double.BYTES * (element - first))
                    .toArray();
            long[] lengths = new long[offsets.length];
            Arrays.fill(lengths, Double.BYTES);
            pieces[owner] = Region.indexed(offsets, lengths);
            places[owner] = Region.contiguous((long) Double.BYTES * begin, pieces[owner].byteSize());
            begin = end;
        }
    }

    /// Collective. Publishes this rank's part of the vector and fetches what it needs of the others'.
    ///
    /// @return the elements needed
    double[] exchange(double[] part) {
        vector.local().copyFrom(MemorySegment.ofArray(part));
        MemorySegment destination = MemorySegment.ofArray(elements);
        try (Epoch epoch = vector.fence()) {
            for (int owner = 0; owner < pieces.length; owner++) {
                epoch.get(owner, pieces[owner], destination, places[owner]);
            }
        }
        return elements;
    }
}
