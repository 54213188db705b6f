package org.porthole.internal.port;

/// How a message ended, as it travels.
final class Status {
    static final int DONE = 0;
    /// The agent threw, or nobody answered; the payload says what.
    static final int FAILED = 1;
    static final int ABORTED = 2;
    /// The port has ended.
    static final int DEAD = 3;
    /// The right is not, or no more, good.
    static final int REFUSED = 4;
    /// The owner has ended.
    static final int GONE = 5;

    private Status() {}
}
