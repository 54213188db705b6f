package org.porthole.internal.collective;

/// How one collective operation is done, in steps: in each, a rank brings what others read, arrives, and once all have arrived reads what it wants of
/// theirs. The steps of one lane follow each other, so that an operation needs to remember no more than how far it has come, which its [Call] does.
///
/// **Threads.** One of the rank at a time.
interface Moves {
    /// Begins the next step: brings, and arrives. Does not wait.
    ///
    /// @return false if no step was left
    boolean bring(Call call);

    /// Ends the step, in which all have arrived.
    void take(Call call);
}
