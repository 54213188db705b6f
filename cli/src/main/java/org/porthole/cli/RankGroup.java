package org.porthole.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// The ranks that were started, and their common end.
///
/// **Threads.** Any: the shutdown hook ends them while the main thread may still be starting some.
final class RankGroup {
    /// How long a rank has between SIGTERM and SIGKILL.
    static final Duration GRACE = Duration.ofSeconds(2);

    private static final Duration KILL_DEADLINE = Duration.ofSeconds(5);

    private final List<RankProcess> ranks = new ArrayList<>();
    private boolean ending;

    /// Starts a process.
    @FunctionalInterface
    interface Starter {
        RankProcess start() throws IOException;
    }

    /// Starts one more, unless the end has begun.
    ///
    /// @param starter starts it
    /// @return the rank that was started, or nothing
    /// @throws IOException if the system refuses
    synchronized java.util.Optional<RankProcess> start(Starter starter) throws IOException {
        if (ending) {
            return java.util.Optional.empty();
        }
        RankProcess rank = starter.start();
        ranks.add(rank);
        return java.util.Optional.of(rank);
    }

    /// Ends all that live: SIGTERM, and SIGKILL after [#GRACE]. No more can be started. Returns when they have ended.
    ///
    /// @throws InterruptedException if the thread is interrupted
    void end() throws InterruptedException {
        List<RankProcess> all = close();
        all.stream().filter(RankProcess::isAlive).forEach(RankProcess::terminate);
        awaitEnd(all, GRACE);
        all.stream().filter(RankProcess::isAlive).forEach(RankProcess::kill);
        awaitEnd(all, KILL_DEADLINE);
    }

    /// Waits for the end of all, no longer than the deadline.
    ///
    /// @param deadline how long
    /// @throws InterruptedException if the thread is interrupted
    void awaitEnd(Duration deadline) throws InterruptedException {
        awaitEnd(snapshot(all -> true), deadline);
    }

    /// Waits until the output of all is on the screen.
    ///
    /// @param patience how long to wait for bytes that do not come
    /// @param deadline how long to wait at most, though the screen does not take the bytes
    /// @throws InterruptedException if the thread is interrupted
    void awaitOutput(Duration patience, Duration deadline) throws InterruptedException {
        long startNs = System.nanoTime();
        for (RankProcess rank : snapshot(all -> true)) {
            Duration left = deadline.minusNanos(System.nanoTime() - startNs);
            rank.awaitOutput(patience, left);
        }
    }

    /// How many live.
    int living() {
        return snapshot(RankProcess::isAlive).size();
    }

    private synchronized List<RankProcess> close() {
        ending = true;
        return List.copyOf(ranks);
    }

    private synchronized List<RankProcess> snapshot(Predicate<RankProcess> which) {
        return ranks.stream().filter(which).toList();
    }

    private static void awaitEnd(List<RankProcess> ranks, Duration deadline) throws InterruptedException {
        long end = System.nanoTime() + deadline.toNanos();
        for (RankProcess rank : ranks) {
            rank.awaitEnd(end - System.nanoTime());
        }
    }
}
