package org.porthole.internal.bootstrap;

/// What a [Launcher] found in a process's surroundings.
///
/// @param applies whether it launched this process
/// @param words   who this process is then; why not otherwise
record Finding(boolean applies, String words) {
    static Finding of(String words) {
        return new Finding(true, words);
    }

    static Finding none(String reason) {
        return new Finding(false, reason);
    }
}
