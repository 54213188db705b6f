package org.porthole.cli;

import java.util.Objects;

/// The version of this software.
final class Version {
    private Version() {}

    /// The version in the jar's manifest.
    static String text() {
        return Objects.requireNonNullElse(Version.class.getPackage().getImplementationVersion(), "(not packaged)");
    }
}
