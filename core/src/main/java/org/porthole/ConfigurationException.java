package org.porthole;

/// A setting is unknown or its value cannot be used.
public final class ConfigurationException extends PortholeException {
    private static final long serialVersionUID = 1;

    /// With a message.
    ///
    /// @param message the one line a user sees: the value, the place and what to do about it
    public ConfigurationException(String message) {
        super(message);
    }

    /// With a message and a cause.
    ///
    /// @param message the one line a user sees
    /// @param cause   what the platform said
    public ConfigurationException(String message, Throwable cause) {
        super(message, cause);
    }
}
