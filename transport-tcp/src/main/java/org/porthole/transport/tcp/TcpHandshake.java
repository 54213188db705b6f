package org.porthole.transport.tcp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The bytes that begin a connection: both sides prove that they know the job's secret, and the target's nonce, before anything else is looked
/// at. Integers are little-endian.
///
/// ```
/// target  int magic, int version, 16 bytes of challenge
/// origin  int magic, int version, int rank, int size, long request (1: a new connection; 0: the origin only wants to know whether the
///         target is there; else it goes on with one that was cut, and this is the first whose answer has not come to it, or the next),
///         16 bytes of challenge, 32 bytes of proof
/// target  int verdict, int zero, long the request to begin with, 32 bytes of proof (zeros if it refuses)
/// ```
///
/// A proof is HMAC-SHA-256, keyed with the job's secret, of the side's letter (`t` or `o`), the target's nonce, the greeting, and all that comes
/// before the proof: of the hello, or of the hello and the welcome. Over TLS, 32 bytes that only this connection's two ends know follow the nonce.
@SuppressWarnings("EnumOrdinal") // verdicts travel as their ordinals, whose meaning the version fixes
final class TcpHandshake {
    static final int GREETING = 24;
    static final int HELLO = 72;
    static final int WELCOME = 48;

    static final char TARGET = 't';
    static final char ORIGIN = 'o';

    /// What the target says to the origin's hello.
    enum Verdict {
        ADMITTED("is admitted"),
        OTHER_PROTOCOL("does not speak this protocol"),
        OTHER_VERSION("speaks another version of this protocol"),
        NO_MEMBER("does not know the job's secret, or means another process"),
        OTHER_SIZE("belongs to a job of another size"),
        NOTHING_CUT("wants to go on with a connection that there is not");

        final String words;

        Verdict(String words) {
            this.words = words;
        }
    }

    private static final int CHALLENGE = 16;
    private static final int PROOF = 32;
    private static final int HELLO_FIRST = 16;
    private static final int WELCOME_FIRST = 8;
    private static final int HELLO_PROOF = 40;
    private static final int WELCOME_PROOF = 16;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] secret;
    private final int size;

    TcpHandshake(String secret, int size) {
        // An empty key is not allowed; a job without secret still has the nonces.
        this.secret = secret.isEmpty() ? new byte[1] : secret.getBytes(StandardCharsets.UTF_8);
        this.size = size;
    }

    /// The nonce as both sides of one connection have it.
    ///
    /// @param binding what only they know, if anything
    static byte[] bound(byte[] nonce, byte[] binding) {
        byte[] both = Arrays.copyOf(nonce, nonce.length + binding.length);
        System.arraycopy(binding, 0, both, nonce.length, binding.length);
        return both;
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /// Proves to know the secret.
    ///
    /// @param words what has been said, of each the bytes before its proof
    private byte[] proof(char side, byte[] nonce, byte[]... words) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            mac.update((byte) side);
            mac.update(nonce);
            for (byte[] each : words) {
                mac.update(each);
            }
            return mac.doFinal();
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    private static byte[] random() {
        byte[] bytes = new byte[CHALLENGE];
        RANDOM.nextBytes(bytes);
        return bytes;
    }

    byte[] greeting() {
        return buffer(GREETING)
                .putInt(TcpWire.MAGIC)
                .putInt(TcpWire.VERSION)
                .put(random())
                .array();
    }

    /// What is wrong with a greeting.
    ///
    /// @return an empty string if nothing is
    static String wrong(byte[] greeting) {
        ByteBuffer in = ByteBuffer.wrap(greeting).order(ByteOrder.LITTLE_ENDIAN);
        if (in.getInt() != TcpWire.MAGIC) {
            return "what listens there does not speak this protocol";
        }
        int version = in.getInt();
        return version == TcpWire.VERSION
                ? ""
                : "it speaks version " + version + " of the protocol, this rank version " + TcpWire.VERSION;
    }

    /// @param first the first request to come
    byte[] hello(byte[] greeting, byte[] nonce, int rank, long first) {
        byte[] words = buffer(HELLO_PROOF)
                .putInt(TcpWire.MAGIC)
                .putInt(TcpWire.VERSION)
                .putInt(rank)
                .putInt(size)
                .putLong(first)
                .put(random())
                .array();
        return buffer(HELLO)
                .put(words)
                .put(proof(ORIGIN, nonce, greeting, words))
                .array();
    }

    /// Judges what came in answer to a greeting.
    Verdict judge(byte[] greeting, byte[] nonce, byte[] hello) {
        ByteBuffer in = ByteBuffer.wrap(hello).order(ByteOrder.LITTLE_ENDIAN);
        if (in.getInt() != TcpWire.MAGIC) {
            return Verdict.OTHER_PROTOCOL;
        }
        int version = in.getInt();
        int rank = in.getInt();
        int itsSize = in.getInt();
        byte[] expected = proof(ORIGIN, nonce, greeting, Arrays.copyOf(hello, HELLO_PROOF));
        if (!MessageDigest.isEqual(expected, Arrays.copyOfRange(hello, HELLO_PROOF, HELLO_PROOF + PROOF))) {
            return version == TcpWire.VERSION ? Verdict.NO_MEMBER : Verdict.OTHER_VERSION;
        }
        if (version != TcpWire.VERSION) {
            return Verdict.OTHER_VERSION;
        }
        return itsSize == size && rank >= 0 && rank < size ? Verdict.ADMITTED : Verdict.OTHER_SIZE;
    }

    static int rankOf(byte[] hello) {
        return ByteBuffer.wrap(hello).order(ByteOrder.LITTLE_ENDIAN).getInt(2 * Integer.BYTES);
    }

    /// The request that a welcome says to begin with.
    static long beginningOf(byte[] welcome) {
        return ByteBuffer.wrap(welcome).order(ByteOrder.LITTLE_ENDIAN).getLong(WELCOME_FIRST);
    }

    /// The request that a hello names.
    static long firstOf(byte[] hello) {
        return ByteBuffer.wrap(hello).order(ByteOrder.LITTLE_ENDIAN).getLong(HELLO_FIRST);
    }

    /// @param first the request to begin with
    byte[] welcome(Verdict verdict, long first, byte[] nonce, byte[] greeting, byte[] hello) {
        byte[] words = buffer(WELCOME_PROOF)
                .putInt(verdict.ordinal())
                .putInt(0)
                .putLong(first)
                .array();
        return buffer(WELCOME)
                .put(words)
                .put(verdict == Verdict.ADMITTED ? proof(TARGET, nonce, greeting, hello, words) : new byte[PROOF])
                .array();
    }

    /// What is wrong with a welcome.
    ///
    /// @return an empty string if nothing is
    String wrong(byte[] welcome, byte[] nonce, byte[] greeting, byte[] hello) {
        int verdict = ByteBuffer.wrap(welcome).order(ByteOrder.LITTLE_ENDIAN).getInt();
        if (verdict < 0 || verdict >= Verdict.values().length) {
            return "it answers with verdict " + verdict;
        }
        if (verdict != Verdict.ADMITTED.ordinal()) {
            return "it refuses this rank, which, it says, " + Verdict.values()[verdict].words;
        }
        byte[] expected = proof(TARGET, nonce, greeting, hello, Arrays.copyOf(welcome, WELCOME_PROOF));
        return MessageDigest.isEqual(expected, Arrays.copyOfRange(welcome, WELCOME_PROOF, WELCOME))
                ? ""
                : "it does not know the job's secret";
    }
}
