package org.porthole.config;

import java.util.List;

/// The settings of one part of the runtime.
///
/// @param title what the part is called in documentation
/// @param rows  its settings
public record OptionTable(String title, List<Option<?>> rows) {
    /// Copies the rows.
    public OptionTable {
        rows = List.copyOf(rows);
    }

    /// A table.
    ///
    /// @param title what the part is called
    /// @param rows  its settings
    /// @return the table
    public static OptionTable of(String title, Option<?>... rows) {
        return new OptionTable(title, List.of(rows));
    }
}
