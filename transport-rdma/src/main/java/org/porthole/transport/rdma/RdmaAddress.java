package org.porthole.transport.rdma;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;
import org.porthole.TransportException;

/// Where a rank agrees on queue pairs with its peers.
///
/// ```
/// int magic, byte version, 16 bytes of nonce, short port, byte 1 if Ethernet, byte count,
/// count times: byte length (4 or 16), the address
/// int CRC-32C of all before
/// ```
///
/// @param nonce      16 random bytes that only members of the job learn
/// @param port       the TCP port
/// @param isEthernet whether its fabric is Ethernet, and not InfiniBand
/// @param addresses  where, best first
@SuppressWarnings("ArrayRecordComponent") // never compared
record RdmaAddress(byte[] nonce, int port, boolean isEthernet, List<InetAddress> addresses) {
    static final int NONCE = 16;

    private static final int MOST_ADDRESSES = 5;
    private static final int FIXED = 2 * Integer.BYTES + NONCE + Short.BYTES + 3;
    private static final int MOST_BYTES = 128;
    private static final int PORT_MASK = 0xffff;
    private static final int IPV4_AT = 12;

    /// The addresses where this host is found by those who reach a GID of it: that of the GID first.
    static List<InetAddress> here(RdmaPort.Gid gid) {
        Set<InetAddress> found = new LinkedHashSet<>();
        try {
            if (gid != null && gid.isIpv4()) {
                found.add(InetAddress.getByAddress(Arrays.copyOfRange(gid.bytes(), IPV4_AT, RdmaPath.GID)));
            }
            for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
                if (each.isUp() && !each.isLoopback()) {
                    each.inetAddresses()
                            .filter(address -> !address.isLinkLocalAddress())
                            .forEach(found::add);
                }
            }
        } catch (SocketException | UnknownHostException e) {
            System.getLogger(RdmaAddress.class.getName())
                    .log(System.Logger.Level.DEBUG, "rdma: not all addresses of this host are known", e);
        }
        found.add(InetAddress.getLoopbackAddress());
        return found.stream().limit(MOST_ADDRESSES).toList();
    }

    byte[] encode() {
        ByteBuffer bytes = ByteBuffer.allocate(MOST_BYTES)
                .putInt(RdmaWire.MAGIC)
                .put((byte) RdmaWire.VERSION)
                .put(nonce)
                .putShort((short) port)
                .put((byte) (isEthernet ? 1 : 0))
                .put((byte) addresses.size());
        for (InetAddress each : addresses) {
            bytes.put((byte) each.getAddress().length).put(each.getAddress());
        }
        bytes.putInt(checksum(bytes.array(), bytes.position()));
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, 0, length);
        return (int) sum.getValue();
    }

    /// @throws TransportException if the bytes are no address
    static RdmaAddress decode(byte[] bytes) {
        if (bytes.length < FIXED
                || bytes.length > MOST_BYTES
                || ByteBuffer.wrap(bytes).getInt(bytes.length - Integer.BYTES)
                        != checksum(bytes, bytes.length - Integer.BYTES)) {
            throw none();
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.getInt() != RdmaWire.MAGIC || in.get() != RdmaWire.VERSION) {
            throw none();
        }
        byte[] nonce = new byte[NONCE];
        in.get(nonce);
        int port = in.getShort() & PORT_MASK;
        byte ethernet = in.get();
        int count = in.get();
        List<InetAddress> addresses = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                byte[] address = new byte[in.get()];
                in.get(address);
                addresses.add(InetAddress.getByAddress(address));
            }
        } catch (UnknownHostException | RuntimeException e) {
            throw none();
        }
        if (in.remaining() != Integer.BYTES || ethernet < 0 || ethernet > 1) {
            throw none();
        }
        return new RdmaAddress(nonce, port, ethernet == 1, List.copyOf(addresses));
    }

    private static TransportException none() {
        return new TransportException("the address is not one of the RDMA transport, version " + RdmaWire.VERSION);
    }
}
