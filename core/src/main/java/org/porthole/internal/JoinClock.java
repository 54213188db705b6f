package org.porthole.internal;

import java.time.Duration;
import org.porthole.Joining;

/// Takes the time of each phase of joining.
final class JoinClock {
    private final long began = System.nanoTime();
    private long foundAt = began;
    private long launchedAt = began;
    private long openedAt;
    private long metAt;

    /// The launcher has been found, and what it takes to speak to it loaded.
    void found() {
        foundAt = System.nanoTime();
    }

    /// The launcher has told who this is.
    void launched() {
        launchedAt = System.nanoTime();
    }

    /// The transports are open.
    void opened() {
        openedAt = System.nanoTime();
    }

    /// All ranks have said where they are.
    void met() {
        metAt = System.nanoTime();
    }

    /// All ranks have joined.
    Joining joined(String method) {
        long now = System.nanoTime();
        return new Joining(
                method,
                between(began, foundAt),
                between(foundAt, launchedAt),
                between(launchedAt, openedAt),
                between(openedAt, metAt),
                between(metAt, now),
                between(began, now));
    }

    private static Duration between(long from, long to) {
        return Duration.ofNanos(to - from);
    }
}
