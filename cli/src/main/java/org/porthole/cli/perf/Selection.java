package org.porthole.cli.perf;

/// Which tests are run if none is named; the words are those of the peers' MPI driver.
enum Selection {
    /// Everything.
    ALL,
    /// What depends on how fast a cache line travels, in a second or two.
    SHORT,
    /// Barrier, reduction and fence, for any number of ranks.
    SYNC,
    /// Messages between ports.
    PORTS
}
