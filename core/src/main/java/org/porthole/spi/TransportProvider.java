package org.porthole.spi;

import java.util.List;
import org.porthole.config.Configuration;
import org.porthole.config.OptionTable;

/// Makes transports of one kind. Found with [java.util.ServiceLoader]; its constructor must not fail and must not touch the device.
public interface TransportProvider {
    /// What `porthole.transports` calls it.
    ///
    /// @return a short lower-case name
    String name();

    /// How far it reaches.
    ///
    /// @return the scope
    Scope scope();

    /// Whether this process can use it. Never throws.
    ///
    /// @return the answer, with cause and remedy if it is no
    Availability availability();

    /// What there is here of what this transport uses, and what is in its way. Never throws.
    ///
    /// @param configuration the settings
    /// @return findings, first those that others follow from; none by default
    default List<Finding> findings(Configuration configuration) {
        return List.of();
    }

    /// Its settings.
    ///
    /// @return a table, without rows if it has none
    OptionTable options();

    /// Opens the transport for one rank of one job.
    ///
    /// @param context the rank and its settings
    /// @return the transport, to be closed
    /// @throws org.porthole.TransportException if the system refuses something it needs
    Transport open(TransportContext context);
}
