package org.porthole.internal.bootstrap;

import java.net.InetSocketAddress;
import java.util.List;

/// A launcher that tells who is who, and a user who tells where rank 0 is.
final class GivenAddress {
    private GivenAddress() {}

    /// @param text the address, as `host:port`
    static Bootstrap meet(Surroundings around, Deadline deadline, int rank, int size, String method, String text) {
        InetSocketAddress address = RendezvousWire.address(text);
        boolean oneHost = address.getAddress() != null && address.getAddress().isLoopbackAddress();
        var seat = new RendezvousBootstrap.Seat(
                rank,
                size,
                method + ", rendezvous at " + RendezvousWire.text(address),
                oneHost,
                JobSecret.of(around, text));
        return Meeting.at(seat, List.of(address), () -> List.of(RendezvousWire.again(address)), deadline);
    }
}
