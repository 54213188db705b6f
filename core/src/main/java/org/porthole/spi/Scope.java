package org.porthole.spi;

/// How far a transport reaches, nearest first. Nearer transports are preferred.
public enum Scope {
    /// Ranks of the same process.
    PROCESS,
    /// Ranks of the same host.
    HOST,
    /// Ranks on the same fabric.
    FABRIC,
    /// Any rank with an address.
    NETWORK
}
