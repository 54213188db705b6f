package org.porthole.examples;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.StringTokenizer;

/// Reads square sparse matrices in Matrix Market format: `matrix coordinate`, `pattern`, `integer` or `real`, `general` or `symmetric`.
///
/// **Source.** Boisvert, Pozo, Remington: The Matrix Market Exchange Formats, NISTIR 5935.
final class MatrixMarket {
    private static final int MOST = Integer.MAX_VALUE - 16; // elements of an array

    private MatrixMarket() {}

    /// Takes what is read.
    interface Entries {
        /// Takes an entry. Rows and columns count from 0; the values of patterns are 1. Of a symmetric matrix, both halves come.
        void add(int row, int column, double value);
    }

    /// Reads a matrix, from its first line on, which `lines` has gone to.
    ///
    /// @return its order
    /// @throws UsageException if it cannot be read, with the line and its text
    static int read(GraphLines lines, Entries entries) throws IOException {
        List<String> header = List.of(lines.line().toLowerCase(Locale.ROOT).split("\\s+"));
        if (header.size() != 5
                || !header.subList(0, 3).equals(List.of("%%matrixmarket", "matrix", "coordinate"))
                || !List.of("pattern", "integer", "real").contains(header.get(3))
                || !List.of("general", "symmetric").contains(header.get(4))) {
            throw lines.wrong("expected matrix, coordinate, then pattern, integer or real, then general or symmetric");
        }
        boolean isPattern = header.get(3).equals("pattern");
        boolean isSymmetric = header.get(4).equals("symmetric");
        nextEntry(lines, "the sizes");
        StringTokenizer sizes = lines.words(3, "the numbers of rows, columns and entries");
        int order = lines.number(sizes, 1, MOST);
        if (lines.number(sizes, 1, MOST) != order) {
            throw lines.wrong("as many columns as rows are needed");
        }
        int count = lines.number(sizes, 0, MOST);
        for (int entry = 1; entry <= count; entry++) {
            nextEntry(lines, "entry " + entry + " of " + count);
            StringTokenizer words =
                    isPattern ? lines.words(2, "a row and a column") : lines.words(3, "a row, a column and a value");
            int row = lines.number(words, 1, order) - 1;
            int column = lines.number(words, 1, order) - 1;
            double value = isPattern ? 1 : lines.real(words);
            entries.add(row, column, value);
            if (row != column && isSymmetric) {
                entries.add(column, row, value);
            }
        }
        return order;
    }

    private static void nextEntry(GraphLines lines, String expected) throws IOException {
        do {
            if (!lines.next()) {
                throw lines.cutOff(expected + " should follow");
            }
        } while (lines.isRemark());
    }
}
