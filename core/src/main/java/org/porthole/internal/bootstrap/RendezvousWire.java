package org.porthole.internal.bootstrap;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.porthole.ConfigurationException;
import org.porthole.config.CoreOptions;

/// The bytes of the rendezvous protocol, version 1. Integers are big-endian.
///
/// ```
/// server: magic, 16 bytes of challenge
/// client: purpose, rank, size, 16 bytes of challenge, 32 bytes of proof
/// server: 0, 32 bytes of proof         or 1 and the reason as modified UTF-8
/// to join, then any number of rounds:
/// client: deadline, what is left of it, length, bytes
/// server: 0, size times length, bytes  or 1 and the reason
/// to watch, then:
/// server: 0 when it closes
/// ```
///
/// A proof is HMAC-SHA-256, keyed with the job's secret, of the side's letter, the other side's challenge, rank and size.
final class RendezvousWire {
    static final int MAGIC = 0x50484c31; // PHL1
    static final int CHALLENGE_BYTES = 16;
    static final int PROOF_BYTES = 32;
    static final int MAX_BYTES = 64 << 10;
    static final byte OK = 0;
    static final byte REFUSED = 1;
    static final char SERVER = 's';

    private static final SecureRandom RANDOM = new SecureRandom();

    /// What a rank connects for.
    enum Purpose {
        /// To exchange what every rank brings. Its first word is the server's own.
        JOIN(MAGIC, 'c'),
        /// To learn when the server's process has gone: the connection then ends without a word.
        WATCH(0x50485731, 'w'); // PHW1

        final int magic;
        final char letter;

        Purpose(int magic, char letter) {
            this.magic = magic;
            this.letter = letter;
        }

        static Purpose of(int magic) throws IOException {
            for (Purpose each : values()) {
                if (each.magic == magic) {
                    return each;
                }
            }
            throw new IOException("a stranger spoke another protocol");
        }
    }

    private RendezvousWire() {}

    static byte[] challenge() {
        byte[] bytes = new byte[CHALLENGE_BYTES];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    static byte[] secret(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] proof(byte[] secret, char side, byte[] challenge, int rank, int size) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            // An empty key is not allowed; a job without secret still needs the handshake.
            mac.init(new SecretKeySpec(secret.length == 0 ? new byte[1] : secret, "HmacSHA256"));
            mac.update((byte) side);
            mac.update(challenge);
            mac.update(ByteBuffer.allocate(2 * Integer.BYTES)
                    .putInt(rank)
                    .putInt(size)
                    .array());
            return mac.doFinal();
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        try {
            if (colon > 0) {
                return new InetSocketAddress(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
            }
        } catch (IllegalArgumentException e) {
            throw noAddress(text, e);
        }
        throw noAddress(text, null);
    }

    /// An address as a person writes it: what [#address(String)] reads.
    static String text(InetSocketAddress address) {
        String host = address.getHostString();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    private static ConfigurationException noAddress(String text, Exception cause) {
        return new ConfigurationException(CoreOptions.RENDEZVOUS.key() + ": \"" + text + "\" is not host:port", cause);
    }

    static byte[] readBytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > MAX_BYTES) {
            throw new IOException("a length of " + length + " bytes; at most " + MAX_BYTES + " are allowed");
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }

    static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
