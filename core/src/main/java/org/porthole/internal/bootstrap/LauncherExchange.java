package org.porthole.internal.bootstrap;

/// A connection to the process manager that launched this process: it knows who is who, and keeps a word of each rank for the others.
///
/// **Threads.** One.
interface LauncherExchange extends AutoCloseable {
    /// The most that a rank may publish: what PMI-1's servers carry unharmed.
    int MAX_CHARS = 512;

    int rank();

    int size();

    /// Whether all ranks run on this host.
    boolean isOneHost();

    /// Keeps a word for the others, who can read it after the next [#fence()].
    ///
    /// @param word at most [#MAX_CHARS] printable ASCII characters, none of them a space
    void publish(String word);

    /// Collective. Returns when all ranks have called it.
    void fence();

    /// What a rank has published.
    ///
    /// @param rank the rank
    /// @return its word
    String read(int rank);

    /// Takes leave, so that the launcher no longer minds how this process ends.
    @Override
    void close();
}
