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

/// The bytes of the rendezvous protocol, version 2. Integers are big-endian.
///
/// ```
/// server: magic, 16 bytes of challenge
/// client: purpose, rank, size, 16 bytes that tell this process from others, 16 bytes of challenge, 32 bytes of proof
/// server: 0, 32 bytes of proof
///      or 1, 32 bytes of proof, a text: why a process that knows the secret is refused
///      or 2: the secret is wrong
/// to watch, then:
/// server: 0 when it closes
/// to join, then any number of rounds:
/// client: 1, deadline, what is left of it, length, bytes
/// server: 0, size times length, bytes, or 1, a text: why nobody can join
/// and at last:
/// client: 2, joined
/// client: 3, exit code: ends the job
/// server: 3, rank, exit code: that rank ends the job
/// server: 0 when it closes
/// ```
///
/// A proof is HMAC-SHA-256, keyed with the job's secret, of the side's letter, the other side's challenge, rank and size. A text is a length and
/// UTF-8.
final class RendezvousWire {
    static final int MAGIC = 0x50484c32; // PHL2
    static final int CHALLENGE_BYTES = 16;
    static final int PROOF_BYTES = 32;
    static final int GREETING_BYTES = 3 * Integer.BYTES + 2 * CHALLENGE_BYTES + PROOF_BYTES;
    static final int PART_HEADER_BYTES = 2 * Long.BYTES + Integer.BYTES;
    static final int MAX_BYTES = 64 << 10;
    static final byte OK = 0;
    static final byte REFUSED = 1;
    static final byte STRANGER = 2;
    static final byte ABORTED = 3;
    static final byte PART = 1;
    static final byte JOINED = 2;
    static final byte ABORT = 3;
    static final char SERVER = 's';

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String HMAC = "HmacSHA256";

    /// What a rank connects for.
    enum Purpose {
        /// To exchange what every rank brings. Its first word is the server's own.
        JOIN(MAGIC, 'c'),
        /// To learn when the server's process has gone: the connection then ends without a word.
        WATCH(0x50485732, 'w'); // PHW2

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
        return mac(
                secret,
                ByteBuffer.allocate(1 + challenge.length + 2 * Integer.BYTES)
                        .put((byte) side)
                        .put(challenge)
                        .putInt(rank)
                        .putInt(size)
                        .array());
    }

    static byte[] mac(byte[] secret, byte[] text) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(secret, HMAC));
            return mac.doFinal(text);
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

    /// The same address, its name looked up anew.
    static InetSocketAddress again(InetSocketAddress address) {
        return new InetSocketAddress(address.getHostString(), address.getPort());
    }

    /// An address as a person writes it: what [#address(String)] reads.
    static String text(InetSocketAddress address) {
        String host = address.getHostString();
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    private static ConfigurationException noAddress(String text, Exception cause) {
        return new ConfigurationException(CoreOptions.RENDEZVOUS.key() + ": \"" + text + "\" is not host:port", cause);
    }

    /// Refuses lengths that no member sends.
    static int checkedLength(int length) throws IOException {
        if (length < 0 || length > MAX_BYTES) {
            throw new IOException("a length of " + length + " bytes; at most " + MAX_BYTES + " are allowed");
        }
        return length;
    }

    static byte[] readBytes(DataInputStream in) throws IOException {
        byte[] bytes = new byte[checkedLength(in.readInt())];
        in.readFully(bytes);
        return bytes;
    }

    static String readText(DataInputStream in) throws IOException {
        return new String(readBytes(in), StandardCharsets.UTF_8);
    }

    static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /// A refusal.
    ///
    /// @param proof of whoever refuses; empty if it has been given
    static ByteBuffer refusal(byte[] proof, String reason) {
        byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(text.length, MAX_BYTES);
        return ByteBuffer.allocate(1 + proof.length + Integer.BYTES + length)
                .put(REFUSED)
                .put(proof)
                .putInt(length)
                .put(text, 0, length)
                .flip();
    }
}
