package org.porthole;

import java.util.List;
import org.porthole.config.Configuration;
import org.porthole.internal.route.TransportTable;

/// What `porthole info` shows: the transports on the class path, whether each can be used here, and which would be chosen.
public final class Transports {
    private Transports() {}

    /// One transport on the class path.
    ///
    /// @param name      what `porthole.transports` calls it
    /// @param reaches   how far it reaches: `process`, `host`, `fabric` or `network`
    /// @param available whether it can be used by this process
    /// @param cause     why not; empty if it can
    /// @param remedy    what to do about it; empty if it can
    /// @param enabled   whether the configuration allows it
    public record Status(
            String name, String reaches, boolean available, String cause, String remedy, boolean enabled) {}

    /// Which transport would serve a kind of peer.
    ///
    /// @param peer      `same process`, `same host` or `other host`
    /// @param transport the transport's name; empty if none serves
    /// @param reason    a sentence
    public record Choice(String peer, String transport, String reason) {}

    /// Lists the transports on the class path, nearest first.
    ///
    /// @param configuration the settings
    /// @return one status each
    public static List<Status> statuses(Configuration configuration) {
        return TransportTable.statuses(configuration);
    }

    /// Tells which transport would serve each kind of peer.
    ///
    /// @param configuration the settings
    /// @return one choice per kind
    public static List<Choice> choices(Configuration configuration) {
        return TransportTable.choices(configuration);
    }
}
