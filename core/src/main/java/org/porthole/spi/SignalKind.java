package org.porthole.spi;

/// What a signal does to its word.
public enum SignalKind {
    /// Stores the value.
    SET,
    /// Adds the value, atomically to other signals on the word.
    ADD
}
