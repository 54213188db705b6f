package org.porthole.config;

/// Where a setting's value came from, in ascending order of precedence.
public enum Source {
    /// The option's default.
    DEFAULT,
    /// The file that `PORTHOLE_CONFIG` or `-Dporthole.config` names, or `porthole.properties` in the working directory.
    FILE,
    /// An environment variable.
    ENVIRONMENT,
    /// A system property.
    PROPERTY,
    /// The program: [Configuration#with(Option, String)].
    CODE
}
