package org.porthole.spi;

/// The right of peers to reach one memory through one transport.
public interface Registration extends AutoCloseable {
    /// What a peer needs to attach.
    ///
    /// @return the key
    RemoteKey key();

    /// Ends all reach through the key. Where the transport carries out operations itself, no byte of the memory is changed or read through the key
    /// once this returns, whatever peers do, and it waits for no peer; their endpoints throw [org.porthole.AccessRefusedException]. Peers that have
    /// mapped the memory keep their mapping. Closing it again does nothing.
    @Override
    void close();
}
