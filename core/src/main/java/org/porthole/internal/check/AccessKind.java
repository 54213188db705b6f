package org.porthole.internal.check;

/// What an access does with the bytes of a window, as far as conflicts go.
enum AccessKind {
    /// Reads into a segment.
    GET("get", false),
    /// Reads one value that is complete when it is returned, and so may be polled for.
    GET_VALUE("get of a value", false),
    /// Writes.
    PUT("put", true),
    /// Combines elements, each atomically.
    ACCUMULATE("accumulate", true),
    /// Does so and reads what was there.
    GET_ACCUMULATE("getAccumulate", true),
    /// Works on one word, atomically.
    ATOMIC("atomic", true);

    private final String words;
    final boolean writes;

    AccessKind(String words, boolean writes) {
        this.words = words;
        this.writes = writes;
    }

    /// What messages call it.
    String words() {
        return words;
    }
}
