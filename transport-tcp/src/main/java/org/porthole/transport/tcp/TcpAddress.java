package org.porthole.transport.tcp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.porthole.TransportException;

/// Where a rank listens.
///
/// ```
/// int magic, byte version, long host, 16 bytes nonce, short port, byte whether it requires TLS, byte count,
/// count times: byte length (4 or 16), the address
/// int CRC-32C of all before
/// ```
///
/// @param host      the same for all ranks of one host, as far as that can be told
/// @param nonce     16 random bytes that only members of the job learn
/// @param port      the port
/// @param tls       whether it requires TLS
/// @param addresses where, best first
@SuppressWarnings("ArrayRecordComponent") // never compared
record TcpAddress(long host, byte[] nonce, int port, boolean tls, List<InetAddress> addresses) {
    static final int NONCE_BYTES = 16;
    /// The most that fit, all of them IPv6.
    static final int MOST_ADDRESSES = 5;

    private static final int FIXED = 2 * Integer.BYTES + Long.BYTES + NONCE_BYTES + Short.BYTES + 3;
    private static final int MOST_BYTES = 128;
    private static final int PORT_MASK = 0xffff;

    byte[] encode() {
        ByteBuffer bytes = ByteBuffer.allocate(MOST_BYTES)
                .putInt(TcpWire.MAGIC)
                .put((byte) TcpWire.VERSION)
                .putLong(host)
                .put(nonce)
                .putShort((short) port)
                .put((byte) (tls ? 1 : 0))
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
    static TcpAddress decode(byte[] bytes) {
        if (bytes.length < FIXED
                || bytes.length > MOST_BYTES
                || ByteBuffer.wrap(bytes).getInt(bytes.length - Integer.BYTES)
                        != checksum(bytes, bytes.length - Integer.BYTES)) {
            throw none();
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.getInt() != TcpWire.MAGIC || in.get() != TcpWire.VERSION) {
            throw none();
        }
        long host = in.getLong();
        byte[] nonce = new byte[NONCE_BYTES];
        in.get(nonce);
        int port = in.getShort() & PORT_MASK;
        byte tls = in.get();
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
        if (in.remaining() != Integer.BYTES || tls < 0 || tls > 1) {
            throw none();
        }
        return new TcpAddress(host, nonce, port, tls == 1, List.copyOf(addresses));
    }

    private static TransportException none() {
        return new TransportException("the address is not one of the TCP transport, version " + TcpWire.VERSION);
    }

    /// Tells hosts apart; containers of one host may share it, so that it proves nothing.
    ///
    /// @param configured what `porthole.host` says
    static long thisHost(String configured) {
        String text = configured;
        if (text.equals("auto")) {
            text = kernel();
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ((long) checksum(bytes, bytes.length) << Integer.SIZE) | (text.hashCode() & 0xffff_ffffL);
    }

    private static String kernel() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/random/boot_id"));
        } catch (IOException e) {
            try {
                return InetAddress.getLocalHost().toString();
            } catch (UnknownHostException unknown) {
                return "unknown";
            }
        }
    }
}
