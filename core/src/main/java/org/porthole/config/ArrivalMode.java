package org.porthole.config;

/// How the ranks of a team tell each other that they have arrived in a collective operation: the values of `porthole.collective.arrivals`.
public enum ArrivalMode {
    /// Relayed in teams of more than 8 ranks of which some reach others by messages only; else direct.
    AUTO,
    /// Each rank tells all others.
    DIRECT,
    /// Each rank tells a few others, which pass it on in as many rounds as the team's size has bits.
    RELAYED
}
