package org.porthole.config;

/// Who listens at the rendezvous address.
public enum RendezvousHost {
    /// Rank 0 binds the address and serves the others.
    RANK0,
    /// The launcher serves it; rank 0 connects like the others.
    LAUNCHER
}
