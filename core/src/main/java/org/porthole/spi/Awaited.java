package org.porthole.spi;

/// Something a rank waits for.
public interface Awaited {
    /// Looks once. Cheap; called again and again.
    ///
    /// @return true when there is nothing more to wait for
    boolean isReady();

    /// Sleeps until it may be ready, or the time is over.
    ///
    /// @param timeoutNs longest sleep
    void park(long timeoutNs);

    /// Whether [#park(long)] parks a virtual thread without blocking its carrier, so that whoever makes this ready can wake it.
    ///
    /// @return false if a virtual thread has to look again and again
    default boolean parksVirtually() {
        return false;
    }

    /// Throws if what is awaited can never come: a rank that must act has gone.
    ///
    /// @throws org.porthole.PeerFailedException if so
    void checkPeers();

    /// Who waits for what, since when it is counted, and for whom: `rank 0 waits in fence 12 of window "grid" for ranks 1, 3`.
    ///
    /// @return one line without a full stop
    String describe();
}
