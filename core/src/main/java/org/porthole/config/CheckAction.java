package org.porthole.config;

/// What follows when a check finds something.
public enum CheckAction {
    /// One line in the log.
    REPORT,
    /// An exception.
    FAIL
}
