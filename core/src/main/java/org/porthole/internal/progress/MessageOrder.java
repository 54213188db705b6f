package org.porthole.internal.progress;

/// Told of what messages order, where somebody checks it: what a rank did before it told another something comes before what that one does once it has heard it.
///
/// **Threads.** Any.
public interface MessageOrder {
    /// This rank is about to send a message, or an outcome.
    ///
    /// @param to the job's rank that will hear it
    void telling(int to);

    /// This rank has received a message, or an outcome.
    ///
    /// @param from the job's rank that told it
    void heard(int from);
}
