package org.porthole.config;

/// What the runtime checks beyond what it refuses anyway.
public enum CheckMode {
    /// Nothing.
    OFF,
    /// Every access, for conflicts with others.
    RACES
}
