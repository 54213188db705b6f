package org.porthole.spi;

/// Whether a transport can be used by this process.
public sealed interface Availability {
    /// It can.
    record Available() implements Availability {}

    /// It cannot.
    ///
    /// @param cause  why not, as a sentence
    /// @param remedy what a user can do about it
    record Unavailable(String cause, String remedy) implements Availability {}
}
