package org.porthole.spi;

import java.util.Set;
import org.porthole.Right;

/// What peers may do with registered memory: which operations, on which of its bytes.
///
/// @param rights the bits of the rights, of [Right#ALL]
/// @param from   the first byte that may be reached
/// @param to     the first byte after those, `>= from`
public record Permit(int rights, long from, long to) {
    /// Checks the range.
    ///
    /// @throws IllegalArgumentException if it is none, or the rights are
    public Permit {
        if (from < 0 || to < from || (rights & ~Right.ALL) != 0) {
            throw new IllegalArgumentException("rights " + rights + " on bytes from " + from + " to " + to);
        }
    }

    /// Everything, on all of a memory.
    ///
    /// @param byteSize the memory's size
    /// @return the permit
    public static Permit all(long byteSize) {
        return new Permit(Right.ALL, 0, byteSize);
    }

    /// Some rights on a range.
    ///
    /// @param rights which
    /// @param from   the first byte
    /// @param to     the first byte after the range
    /// @return the permit
    public static Permit of(Set<Right> rights, long from, long to) {
        return new Permit(rights.stream().mapToInt(Right::bit).sum(), from, to);
    }

    /// Whether an operation is allowed, if its range lies in the memory.
    ///
    /// @param right  what it takes
    /// @param offset its first byte
    /// @param length how many
    /// @return true if so
    public boolean allows(Right right, long offset, long length) {
        return allows(right) && offset >= from && length <= to - offset;
    }

    /// Whether an operation is allowed somewhere.
    ///
    /// @param right what it takes
    /// @return true if so
    public boolean allows(Right right) {
        return (rights & right.bit()) != 0;
    }

    /// The rights in words.
    ///
    /// @return such as `READ, WRITE`
    public String describe() {
        StringBuilder words = new StringBuilder();
        for (Right right : Right.values()) {
            if (allows(right)) {
                words.append(words.isEmpty() ? "" : ", ").append(right);
            }
        }
        return words.isEmpty() ? "nothing" : words.toString();
    }
}
