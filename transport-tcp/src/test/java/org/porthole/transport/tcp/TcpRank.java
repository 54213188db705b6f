package org.porthole.transport.tcp;

import org.porthole.config.Configuration;
import org.porthole.spi.Awaited;
import org.porthole.spi.TransportContext;

/// Transports of a job of two ranks, for tests that look at one alone.
final class TcpRank {
    private static final long SLICE_NS = 1_000_000;

    private TcpRank() {}

    static TcpTransport open(int rank, Configuration configuration) {
        return new TcpTransport(new TransportContext(rank, 2, configuration, (peer, cause) -> {}, TcpRank::await));
    }

    private static void await(Awaited awaited) {
        while (!awaited.isReady()) {
            awaited.checkPeers();
            awaited.park(SLICE_NS);
        }
    }
}
