package org.porthole.internal.local;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.porthole.TransportException;
import org.porthole.spi.Memory;

/// Memory of this process that its other ranks reach directly.
final class InProcessMemory implements Memory {
    private static final long PAGE = 4096;
    private static final ParkingLot PARKING = new ParkingLot();

    private final Arena arena = Arena.ofShared();
    private final MemorySegment segment;
    private boolean closed;

    InProcessMemory(long byteSize, String label) {
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
