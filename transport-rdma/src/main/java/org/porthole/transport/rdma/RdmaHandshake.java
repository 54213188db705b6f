package org.porthole.transport.rdma;

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

/// The bytes by which two ranks agree on a pair of queue pairs: both prove that they know the job's secret, and the target's nonce, before a queue
/// pair of theirs is connected. Integers are little-endian.
///
/// ```
/// target  int magic, int version, 16 bytes of challenge
/// origin  int magic, int version, int rank, int size, its path, long session, long answers that have come (-1: a new connection),
///         16 bytes of challenge, 32 bytes of proof
/// target  int verdict, its path, long requests carried out, 32 bytes of proof (zeros if it refuses)
/// ```
///
/// A proof is HMAC-SHA-256, keyed with the job's secret, of the side's letter (`t` or `o`), the target's nonce, the greeting, and all that comes
/// before the proof: of the hello, or of the hello and the welcome.
@SuppressWarnings("EnumOrdinal") // verdicts travel as their ordinals, whose meaning the version fixes
final class RdmaHandshake {
    private static final int CHALLENGE = 16;
    private static final int PROOF = 32;
    private static final int HELLO_PROOF = 4 * Integer.BYTES + RdmaPath.BYTES + 2 * Long.BYTES + CHALLENGE;
    private static final int WELCOME_PROOF = Integer.BYTES + RdmaPath.BYTES + Long.BYTES;
    private static final int HELLO_PATH = 4 * Integer.BYTES;
    private static final int HELLO_SESSION = HELLO_PATH + RdmaPath.BYTES;
    private static final int WELCOME_COUNT = Integer.BYTES + RdmaPath.BYTES;

    /// Instead of a number of answers: of a new connection.
    static final long NEW = -1;

    static final int GREETING = 2 * Integer.BYTES + CHALLENGE;
    static final int HELLO = HELLO_PROOF + PROOF;
    static final int WELCOME = WELCOME_PROOF + PROOF;

    /// What the target says to the origin's hello.
    enum Verdict {
        ADMITTED("is admitted"),
        OTHER_VERSION("does not speak this version of the protocol"),
        NO_MEMBER("does not know the job's secret, or means another process"),
        OTHER_SIZE("belongs to a job of another size"),
        NOTHING_CUT("goes on with a connection that there is not");

        final String words;

        Verdict(String words) {
            this.words = words;
        }
    }

    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] secret;
    private final int size;

    RdmaHandshake(String secret, int size) {
        // An empty key is not allowed; a job without secret still has the nonces.
        this.secret = secret.isEmpty() ? new byte[1] : secret.getBytes(StandardCharsets.UTF_8);
        this.size = size;
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static ByteBuffer in(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

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
                .putInt(RdmaWire.MAGIC)
                .putInt(RdmaWire.VERSION)
                .put(random())
                .array();
    }

    /// What is wrong with a greeting.
    ///
    /// @return an empty string if nothing is
    static String wrong(byte[] greeting) {
        ByteBuffer in = in(greeting);
        return in.getInt() == RdmaWire.MAGIC && in.getInt() == RdmaWire.VERSION
                ? ""
                : "what listens there does not speak this version of the protocol";
    }

    byte[] hello(byte[] greeting, byte[] nonce, int rank, RdmaPath path, long session, long answers) {
        byte[] words = new byte[HELLO_PROOF];
        ByteBuffer out = in(words)
                .putInt(RdmaWire.MAGIC)
                .putInt(RdmaWire.VERSION)
                .putInt(rank)
                .putInt(size);
        path.put(out);
        out.putLong(session).putLong(answers).put(random());
        return buffer(HELLO).put(words).put(proof('o', nonce, greeting, words)).array();
    }

    /// Judges what came in answer to a greeting.
    Verdict judge(byte[] greeting, byte[] nonce, byte[] hello) {
        ByteBuffer in = in(hello);
        if (in.getInt() != RdmaWire.MAGIC || in.getInt() != RdmaWire.VERSION) {
            return Verdict.OTHER_VERSION;
        }
        byte[] expected = proof('o', nonce, greeting, Arrays.copyOf(hello, HELLO_PROOF));
        if (!MessageDigest.isEqual(expected, Arrays.copyOfRange(hello, HELLO_PROOF, HELLO))) {
            return Verdict.NO_MEMBER;
        }
        int rank = in.getInt();
        int itsSize = in.getInt();
        return itsSize == size && rank >= 0 && rank < size ? Verdict.ADMITTED : Verdict.OTHER_SIZE;
    }

    static int rankOf(byte[] hello) {
        return in(hello).getInt(2 * Integer.BYTES);
    }

    static RdmaPath pathOf(byte[] hello) {
        return RdmaPath.take(in(hello).position(HELLO_PATH));
    }

    /// What the origin knows the connection by.
    static long sessionOf(byte[] hello) {
        return in(hello).getLong(HELLO_SESSION);
    }

    /// How many answers have come to the origin; [#NEW] if it is not there yet.
    static long answersOf(byte[] hello) {
        return in(hello).getLong(HELLO_SESSION + Long.BYTES);
    }

    /// @param path       null if it refuses
    /// @param carriedOut how many requests of the connection have been
    byte[] welcome(Verdict verdict, RdmaPath path, long carriedOut, byte[] nonce, byte[] greeting, byte[] hello) {
        byte[] words = new byte[WELCOME_PROOF];
        ByteBuffer out = in(words).putInt(verdict.ordinal());
        if (path != null) {
            path.put(out);
            out.putLong(carriedOut);
        }
        return buffer(WELCOME)
                .put(words)
                .put(path == null ? new byte[PROOF] : proof('t', nonce, greeting, hello, words))
                .array();
    }

    /// What is wrong with a welcome.
    ///
    /// @return an empty string if nothing is
    String wrong(byte[] welcome, byte[] nonce, byte[] greeting, byte[] hello) {
        int verdict = in(welcome).getInt();
        if (verdict < 0 || verdict >= Verdict.values().length) {
            return "it answers with verdict " + verdict;
        }
        if (verdict != Verdict.ADMITTED.ordinal()) {
            return "it refuses this rank, which, it says, " + Verdict.values()[verdict].words;
        }
        byte[] expected = proof('t', nonce, greeting, hello, Arrays.copyOf(welcome, WELCOME_PROOF));
        return MessageDigest.isEqual(expected, Arrays.copyOfRange(welcome, WELCOME_PROOF, WELCOME))
                ? ""
                : "it does not know the job's secret";
    }

    static RdmaPath welcomed(byte[] welcome) {
        return RdmaPath.take(in(welcome).position(Integer.BYTES));
    }

    /// How many requests the target has carried out.
    static long carriedOut(byte[] welcome) {
        return in(welcome).getLong(WELCOME_COUNT);
    }
}
