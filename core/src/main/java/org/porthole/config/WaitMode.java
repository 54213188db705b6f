package org.porthole.config;

/// How a rank waits for its peers: the values of `porthole.wait`.
public enum WaitMode {
    /// Spins briefly when every rank of the host can have a core, then yields, then sleeps in the kernel.
    ADAPTIVE,
    /// Spins for ever: the lowest latency, if every rank has a core of its own.
    SPIN,
    /// Yields the core at each look, for ever.
    YIELD,
    /// Sleeps in the kernel at once.
    PARK
}
