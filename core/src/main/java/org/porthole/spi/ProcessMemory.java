package org.porthole.spi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.porthole.TransportException;

/// Memory that no other process maps: peers are threads of this one, or reach it by messages.
///
/// **Threads.** Any; virtual ones, too, may sleep on its words.
public final class ProcessMemory implements Memory {
    private static final long PAGE = 4096;
    private static final ParkingLot PARKING = new ParkingLot();

    private final Arena arena = Arena.ofShared();
    private final MemorySegment segment;
    private boolean closed;

    /// Allocates it.
    ///
    /// @param byteSize how much, `>= 0`
    /// @param label    what the message of a failure calls it
    /// @throws TransportException if the process may not take so much
    public ProcessMemory(long byteSize, String label) {
        try {
            segment = arena.allocate(byteSize, PAGE);
        } catch (OutOfMemoryError | IllegalArgumentException e) {
            arena.close();
            throw new TransportException(
                    "cannot allocate " + byteSize + " bytes for " + label + ": " + e.getMessage()
                            + "; -XX:MaxDirectMemorySize bounds what one process may take",
                    e);
        }
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }

    @Override
    public void park(long offset, int expected, long timeoutNs) {
        PARKING.park(segment, offset, expected, timeoutNs);
    }

    @Override
    public boolean isParkFencing() {
        return false;
    }

    @Override
    public void unpark(long offset) {
        PARKING.unpark(segment, offset);
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            arena.close();
        }
    }
}
