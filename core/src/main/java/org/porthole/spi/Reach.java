package org.porthole.spi;

/// Whether a transport reaches a peer, found by trial.
public sealed interface Reach {
    /// It does.
    ///
    /// @param latencyNs      estimated time of a small put, in nanoseconds
    /// @param bytesPerSecond estimated bandwidth
    record Reachable(long latencyNs, long bytesPerSecond) implements Reach {}

    /// It does not.
    ///
    /// @param cause  why not, as a sentence
    /// @param remedy what a user can do about it
    record Unreachable(String cause, String remedy) implements Reach {}
}
