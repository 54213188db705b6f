package org.porthole;

import java.util.Map;
import java.util.function.Consumer;
import org.porthole.internal.bootstrap.LauncherWatch;
import org.porthole.internal.bootstrap.RendezvousServer;

/// Where the ranks of a job that a launcher starts find each other: a listener of the launcher's own, on the loopback interface.
///
/// A launcher opens one, starts each rank with [#environment(int)] added to its environment, and closes it when all have ended.
///
/// **Threads.** Any; it serves on a thread of its own.
public sealed interface Rendezvous extends AutoCloseable permits RendezvousServer {

    /// Listens on a free port of the loopback interface, with a fresh secret.
    ///
    /// @param size how many ranks will join, `1 <= size <= 1024`
    /// @return the rendezvous, to be closed
    /// @throws IllegalArgumentException if `size` is out of range
    /// @throws JoinException if no port can be bound
    static Rendezvous open(int size) {
        return RendezvousServer.onLoopback(size);
    }

    /// Ends this process as soon as the launcher that started it has gone, however that ended. [Job#join()] does so anyway; this is for
    /// processes that join late or never. The second call does nothing.
    ///
    /// @param environment the variables of the process, among which [#environment(int)] has put some; without them nothing happens
    /// @param teller      is given the line that says why the process ends, on some thread
    static void endWithLauncher(Map<String, String> environment, Consumer<String> teller) {
        LauncherWatch.start(environment, teller);
    }

    /// The variables that make a process rank `rank` of the job.
    ///
    /// @param rank the rank, `0 <= rank < size`
    /// @return names and values to be added to the process's environment
    /// @throws IndexOutOfBoundsException if there is no such rank
    Map<String, String> environment(int rank);

    /// Tells that the process of a rank has ended. If it has not joined, the others, who would wait for it in vain, fail with a [JoinException]
    /// that names it; otherwise nothing happens.
    ///
    /// @param rank     the rank, `0 <= rank < size`
    /// @param exitCode how it ended, for the message
    /// @throws IndexOutOfBoundsException if there is no such rank
    void ended(int rank, int exitCode);

    /// How many ranks have arrived so far.
    ///
    /// @return `0 <= joined <= size`
    int joined();

    /// Stops listening. Ranks that have not joined get an error.
    @Override
    void close();
}
