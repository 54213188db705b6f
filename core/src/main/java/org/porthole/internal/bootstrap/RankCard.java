package org.porthole.internal.bootstrap;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.porthole.JoinException;

/// What a rank tells the others of itself when it joins.
///
/// @param version   its software version; all ranks of a job run the same
/// @param host      names its host: equal on two ranks if they share a kernel
/// @param process   its process id
/// @param addresses the address of each of its transports, by name
public record RankCard(String version, String host, long process, Map<String, byte[]> addresses) {
    private static final int MAX_BYTES = 4096;

    /// This card as bytes.
    ///
    /// @return the bytes
    public byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(MAX_BYTES);
        putText(out, version);
        putText(out, host);
        out.putLong(process);
        putMap(out, addresses);
        return taken(out);
    }

    /// Reads a card.
    ///
    /// @param bytes what [#encode()] made
    /// @return the card
    /// @throws JoinException if the bytes are no card
    public static RankCard decode(byte[] bytes) {
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            RankCard card = new RankCard(text(in), text(in), in.getLong(), map(in));
            if (in.hasRemaining()) {
                throw new IllegalArgumentException(in.remaining() + " bytes follow the card");
            }
            return card;
        } catch (RuntimeException e) {
            throw new JoinException("a rank sent " + bytes.length + " bytes that are no rank's card", e);
        }
    }

    /// Writes named byte strings, such as one remote key per transport.
    ///
    /// @param named the byte strings
    /// @return the bytes
    public static byte[] encodeMap(Map<String, byte[]> named) {
        ByteBuffer out = ByteBuffer.allocate(MAX_BYTES);
        putMap(out, named);
        return taken(out);
    }

    /// Reads what [#encodeMap(Map)] wrote.
    ///
    /// @param in positioned at it
    /// @return the byte strings by name
    public static Map<String, byte[]> map(ByteBuffer in) {
        Map<String, byte[]> named = new LinkedHashMap<>();
        for (int count = in.get(); count > 0; count--) {
            String name = text(in);
            byte[] bytes = new byte[in.getShort()];
            in.get(bytes);
            named.put(name, bytes);
        }
        return named;
    }

    private static void putMap(ByteBuffer out, Map<String, byte[]> named) {
        out.put((byte) named.size());
        named.forEach((name, bytes) -> {
            putText(out, name);
            out.putShort((short) bytes.length).put(bytes);
        });
    }

    private static void putText(ByteBuffer out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.putShort((short) bytes.length).put(bytes);
    }

    private static String text(ByteBuffer in) {
        byte[] bytes = new byte[in.getShort()];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] taken(ByteBuffer out) {
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        return bytes;
    }
}
