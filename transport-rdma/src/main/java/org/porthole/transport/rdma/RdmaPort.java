package org.porthole.transport.rdma;

import java.util.List;

/// A port of an RDMA device, as the kernel describes it.
///
/// @param device     the device's name, as `mlx5_0`
/// @param number     the port's, from 1
/// @param isActive   whether packets can leave it
/// @param isEthernet whether its packets are Ethernet's (RoCE), and not InfiniBand's
/// @param lid        its local identifier on InfiniBand
/// @param gids       its addresses, those that are in use
record RdmaPort(String device, int number, boolean isActive, boolean isEthernet, int lid, List<Gid> gids) {
    /// An address of a port.
    ///
    /// @param index where it stands in the port's table
    /// @param bytes 16 bytes
    /// @param type  what the kernel calls its kind, as `RoCE v2`
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Gid(int index, byte[] bytes, String type) {
        /// Whether it stands for an IPv4 address, which are its last four bytes.
        boolean isIpv4() {
            for (int i = 0; i < 10; i++) {
                if (bytes[i] != 0) {
                    return false;
                }
            }
            return bytes[10] == -1 && bytes[11] == -1;
        }
    }

    @Override
    public String toString() {
        return device + ":" + number;
    }
}
