package org.porthole;

import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/// What an exposure gives to one rank. Immutable.
///
/// @param rank   who may reach the part
/// @param rights what it may do, not empty
/// @param offset the first byte that it may reach, in bytes, `>= 0`
/// @param length how many bytes it may reach, `>= 0`; [#REST] for all that follow
public record Grant(int rank, Set<Right> rights, long offset, long length) {
    /// A length that reaches to the end of the part.
    public static final long REST = Long.MAX_VALUE;

    /// Checks and copies.
    ///
    /// @throws IllegalArgumentException  if there are no rights
    /// @throws IndexOutOfBoundsException if rank, offset or length is negative
    public Grant {
        Objects.requireNonNull(rights, "rights");
        if (rights.isEmpty()) {
            throw new IllegalArgumentException("a grant to rank " + rank + " without rights: leave the rank out");
        }
        if (rank < 0 || offset < 0 || length < 0) {
            throw new IndexOutOfBoundsException(
                    "a grant to rank " + rank + " of " + length + " bytes at offset " + offset);
        }
        rights = Set.copyOf(EnumSet.copyOf(rights));
    }
}
