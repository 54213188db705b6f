package org.porthole.internal.progress;

/// Work of this rank that others may wait for, and that goes on only while some thread of the rank is in a call: whoever waits for anything does some of it.
///
/// **Threads.** Any.
public interface Advancing {
    /// Does what can be done without waiting. Throws nothing: who asks for the outcome is told.
    void advance();

    /// Finds out whether what the work waits for can never come. Throws nothing either.
    void checkPeers();
}
