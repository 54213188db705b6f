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

    /// Something that a transport has found out about this machine.
    ///
    /// @param transport whose it is
    /// @param level     `fact`, `warning` or `problem`
    /// @param code      exit code of a check that ends with it; 0 unless it is a problem
    /// @param sentence  what there is
    /// @param remedy    what to type; empty if nothing need be done
    public record Finding(String transport, String level, int code, String sentence, String remedy) {}

    /// Looks for what the transports use here, and for what is in their way.
    ///
    /// @param configuration the settings
    /// @return what was found, transport by transport
    public static List<Finding> findings(Configuration configuration) {
        return TransportTable.findings(configuration);
    }

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
