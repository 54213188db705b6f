package org.porthole.spi;

/// The right of peers to reach one memory through one transport.
public interface Registration extends AutoCloseable {
    /// What a peer needs to attach.
    ///
    /// @return the key
    RemoteKey key();

    /// Ends all reach through the key by peers that have not attached yet, and, where the transport can, by those that have.
    @Override
    void close();
}
