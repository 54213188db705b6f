package org.porthole.port;

import java.util.Objects;
import java.util.Optional;

/// What a port is to be.
///
/// @param name          what [org.porthole.Job#lookup(int, String, java.time.Duration)] finds it by; empty if by nothing
/// @param kind          who gets its messages
/// @param agent         of an inline port, and of one with a thread per message
/// @param limitMessages how many messages of one sender may wait, at least 1
/// @param limitBytes    how many bytes of them, at least 1; one message may always wait
public record PortSpec(String name, PortKind kind, Optional<PortAgent> agent, int limitMessages, long limitBytes) {
    /// How many messages of one sender may wait, unless a program says otherwise.
    public static final int DEFAULT_MESSAGES = 1024;

    /// How many bytes of one sender may wait, unless a program says otherwise.
    public static final long DEFAULT_BYTES = 1 << 20;

    /// Longest name, in bytes of UTF-8.
    public static final int MAX_NAME = 255;

    /// Checks that kind and agent fit, and the limits.
    ///
    /// @throws IllegalArgumentException if they do not, a limit is below 1, or the name is too long
    public PortSpec {
        Objects.requireNonNull(kind, "kind");
        boolean needsAgent = kind == PortKind.INLINE || kind == PortKind.PER_MESSAGE;
        if (needsAgent != agent.isPresent()) {
            throw new IllegalArgumentException(
                    "a port of kind " + kind + (needsAgent ? " needs an" : " has no") + " agent");
        }
        if (limitMessages < 1 || limitBytes < 1) {
            throw new IllegalArgumentException("limits of " + limitMessages + " messages and " + limitBytes + " bytes");
        }
        if (name.getBytes(java.nio.charset.StandardCharsets.UTF_8).length > MAX_NAME) {
            throw new IllegalArgumentException("the name of a port takes at most " + MAX_NAME + " bytes: " + name);
        }
    }

    private static PortSpec of(PortKind kind, Optional<PortAgent> agent) {
        return new PortSpec("", kind, agent, DEFAULT_MESSAGES, DEFAULT_BYTES);
    }

    /// A port whose messages wait for the thread that opens it.
    ///
    /// @return the request
    public static PortSpec queue() {
        return of(PortKind.QUEUE, Optional.empty());
    }

    /// A port whose messages wait for any thread.
    ///
    /// @return the request
    public static PortSpec shared() {
        return of(PortKind.SHARED, Optional.empty());
    }

    /// A port whose agent is called by whoever brings a message.
    ///
    /// @param agent thread-safe, and never blocks
    /// @return the request
    public static PortSpec inline(PortAgent agent) {
        return of(PortKind.INLINE, Optional.of(agent));
    }

    /// A port whose agent is called in a virtual thread for each message.
    ///
    /// @param agent thread-safe; may block
    /// @return the request
    public static PortSpec perMessage(PortAgent agent) {
        return of(PortKind.PER_MESSAGE, Optional.of(agent));
    }

    /// The same with a name, by which other ranks find it.
    ///
    /// @param newName unique among this rank's ports
    /// @return the request
    public PortSpec named(String newName) {
        return new PortSpec(newName, kind, agent, limitMessages, limitBytes);
    }

    /// The same with other limits.
    ///
    /// @param messages how many messages of one sender may wait, at least 1
    /// @param bytes    how many bytes of them, at least 1
    /// @return the request
    public PortSpec withLimit(int messages, long bytes) {
        return new PortSpec(name, kind, agent, messages, bytes);
    }
}
