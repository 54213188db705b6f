package org.porthole.spi;

/// Told by a transport when a peer is gone.
@FunctionalInterface
public interface FailureListener {
    /// A peer's process has ended, or it cannot be reached any more. May be called more than once, by any thread.
    ///
    /// @param rank  the peer
    /// @param cause how that was noticed, as the end of a sentence: `its process 4711 has ended`
    void peerGone(int rank, String cause);
}
