package org.porthole.config;

/// How a rank waits for its peers: the values of `porthole.wait`.
public enum WaitMode {
    /// Spins briefly when every rank of the host can have a core, then yields, then sleeps in the kernel.
    ADAPTIVE,
    /// Spins for ever: the lowest latency, if every rank has a core of its own. (A virtual thread does not, lest it keep its carrier from others.)
    SPIN,
    /// Yields the core at each look, for ever; a virtual thread for a while, and then sleeps between looks.
    YIELD,
    /// Sleeps in the kernel at once.
    PARK
}
