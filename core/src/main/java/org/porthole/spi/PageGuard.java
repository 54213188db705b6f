package org.porthole.spi;

import java.lang.foreign.MemorySegment;

/// A second mapping of a memory, for its owner alone, that can be taken away and given back while the memory stays where it is.
///
/// **Threads.** One at a time.
public interface PageGuard extends AutoCloseable {
    /// The mapping.
    ///
    /// @return native memory, as long as the memory; its scope ends with [#close()]
    MemorySegment segment();

    /// Lets the mapping show the memory. Pages come at first touch.
    ///
    /// @throws org.porthole.TransportException if the system refuses
    void open();

    /// Lets every touch of the mapping be a fault: an [InternalError] in Java code.
    ///
    /// @throws org.porthole.TransportException if the system refuses
    void shut();

    /// Unmaps.
    @Override
    void close();
}
