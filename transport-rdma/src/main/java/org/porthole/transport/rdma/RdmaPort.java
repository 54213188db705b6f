package org.porthole.transport.rdma;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/// A port of an RDMA device, as the kernel describes it.
///
/// @param device     the device's name, as `mlx5_0`
/// @param number     the port's, from 1
/// @param state      as the kernel calls it, `ACTIVE` if packets can leave it
/// @param rate       as the kernel tells it; empty if it does not
/// @param isEthernet whether its packets are Ethernet's (RoCE), and not InfiniBand's
/// @param lid        its local identifier on InfiniBand
/// @param gids       its addresses, those that are in use
record RdmaPort(String device, int number, String state, String rate, boolean isEthernet, int lid, List<Gid> gids) {
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

        /// The IP address that it is, or stands for.
        String text() {
            try {
                return InetAddress.getByAddress(bytes).getHostAddress();
            } catch (UnknownHostException e) {
                throw new IllegalStateException("a GID has 16 bytes", e);
            }
        }

        /// Whether it stands for an IP address, in whatever way that is written.
        boolean isFor(String address) {
            try {
                return InetAddress.ofLiteral(address).equals(InetAddress.getByAddress(bytes));
            } catch (IllegalArgumentException | UnknownHostException e) {
                return false; // a device's name
            }
        }
    }

    /// Whether packets can leave it.
    boolean isActive() {
        return state.equals("ACTIVE");
    }

    @Override
    public String toString() {
        return device + ":" + number;
    }
}
