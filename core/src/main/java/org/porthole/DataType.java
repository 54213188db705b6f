package org.porthole;

/// The type of the elements that a typed operation works on. Elements are in the host's byte order.
public enum DataType {
    /// Signed 8-bit integers.
    BYTE(1, false),
    /// Signed 16-bit integers.
    SHORT(2, false),
    /// Signed 32-bit integers.
    INT(4, false),
    /// Signed 64-bit integers.
    LONG(8, false),
    /// IEEE 754 binary32.
    FLOAT(4, true),
    /// IEEE 754 binary64.
    DOUBLE(8, true);

    private final int byteSize;
    private final boolean floating;

    DataType(int byteSize, boolean floating) {
        this.byteSize = byteSize;
        this.floating = floating;
    }

    /// The size of one element.
    ///
    /// @return bytes: 1, 2, 4 or 8
    public int byteSize() {
        return byteSize;
    }

    /// Whether the elements are floating-point numbers.
    ///
    /// @return true for `FLOAT` and `DOUBLE`
    public boolean isFloating() {
        return floating;
    }
}
