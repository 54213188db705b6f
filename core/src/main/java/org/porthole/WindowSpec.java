package org.porthole;

import java.util.Objects;

/// What one rank asks for when its team opens a window. Immutable.
///
/// @param byteSize how much memory this rank exposes, in bytes; zero is allowed, above 2 GiB too; may differ between ranks
/// @param name     what diagnostics call the window; the same on all ranks; empty for a number
public record WindowSpec(long byteSize, String name) {
    /// Longest name, in characters.
    public static final int MAX_NAME_LENGTH = 64;

    /// Checks the fields.
    ///
    /// @throws IllegalArgumentException if `byteSize` is negative or `name` is longer than [#MAX_NAME_LENGTH]
    public WindowSpec {
        Objects.requireNonNull(name, "name");
        if (byteSize < 0) {
            throw new IllegalArgumentException("a window cannot have " + byteSize + " bytes");
        }
        if (name.length() > MAX_NAME_LENGTH) {
            throw new IllegalArgumentException("window name of " + name.length() + " characters; at most "
                    + MAX_NAME_LENGTH + " are allowed: " + name);
        }
    }

    /// A window of memory that Porthole allocates, page-aligned and zeroed.
    ///
    /// @param byteSize this rank's share, in bytes, `>= 0`
    /// @return the request
    public static WindowSpec ofBytes(long byteSize) {
        return new WindowSpec(byteSize, "");
    }

    /// The same request under a name.
    ///
    /// @param newName what diagnostics call the window, at most [#MAX_NAME_LENGTH] characters
    /// @return the request
    public WindowSpec named(String newName) {
        return new WindowSpec(byteSize, newName);
    }
}
