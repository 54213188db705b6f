package org.porthole.transport.rdma;

import com.ibm.disni.verbs.IbvMr;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Registered memory of one connection, through which its messages go and what the adapter does not take from where it is.
final class RdmaBuffer {
    private static final long PAGE = 4096;

    private final RdmaDevice device;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment segment;
    private final IbvMr mr;
    private boolean closed;

    RdmaBuffer(RdmaDevice device, long byteSize) throws IOException {
        this.device = device;
        segment = arena.allocate(byteSize, PAGE);
        try {
            mr = device.register(segment.address(), byteSize, IbvMr.IBV_ACCESS_LOCAL_WRITE);
        } catch (IOException e) {
            arena.close();
            throw e;
        }
    }

    MemorySegment segment() {
        return segment;
    }

    int key() {
        return mr.getLkey();
    }

    /// No adapter and no thread uses it any more.
    void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        device.deregister(mr);
        arena.close();
    }
}
