package org.porthole;

import java.time.Duration;
import java.util.List;
import org.porthole.config.Configuration;
import org.porthole.internal.JoinedJob;
import org.porthole.internal.LocalJobs;
import org.porthole.port.Message;
import org.porthole.port.Port;
import org.porthole.port.PortSet;
import org.porthole.port.PortSpec;
import org.porthole.port.SendRight;

/// This process's part in a parallel job: its rank, its peers and the world team.
///
/// ```java
/// try (Job job = Job.join();
///      Window grid = job.world().openWindow(WindowSpec.ofBytes(bytes).named("grid"))) {
///     ...
/// }
/// ```
///
/// **Threads.** Any, unless a method says otherwise.
public sealed interface Job extends AutoCloseable permits JoinedJob {

    /// Collective. Joins the job that launched this process, as the environment and the configuration tell; a world of one if nothing did.
    ///
    /// @return the job, to be closed
    /// @throws ConfigurationException if a setting is unknown or unusable
    /// @throws JoinException          if the peers cannot be found in time, disagree on size or version, or cannot be reached
    static Job join() {
        return join(Configuration.load());
    }

    /// Collective. Joins with settings of the program's own.
    ///
    /// @param configuration the settings
    /// @return the job, to be closed
    /// @throws ConfigurationException if a setting is unusable
    /// @throws JoinException          if the peers cannot be found in time, disagree on size or version, or cannot be reached
    static Job join(Configuration configuration) {
        return JoinedJob.join(configuration);
    }

    /// Runs a job of `ranks` ranks as platform threads of this JVM, and returns when all have ended.
    ///
    /// @param ranks how many, `1 <= ranks <= 1024`
    /// @param body  what each of them does
    /// @throws IllegalArgumentException if `ranks` is out of range
    /// @throws LocalRankException       if a body threw: the first failure is the cause, later ones are suppressed
    static void runLocal(int ranks, RankBody body) {
        runLocal(ranks, Configuration.load(), body);
    }

    /// Runs a job as threads of this JVM, with settings of the program's own.
    ///
    /// @param ranks         how many, `1 <= ranks <= 1024`
    /// @param configuration the settings of every rank
    /// @param body          what each of them does
    /// @throws IllegalArgumentException if `ranks` is out of range
    /// @throws LocalRankException       if a body threw: the first failure is the cause, later ones are suppressed
    static void runLocal(int ranks, Configuration configuration, RankBody body) {
        LocalJobs.run(ranks, configuration, body);
    }

    /// This process's number in the job.
    ///
    /// @return `0 <= rank < size`
    int rank();

    /// How many ranks the job has.
    ///
    /// @return at least 1
    int size();

    /// The team of all ranks.
    ///
    /// @return the same object each time
    Team world();

    /// The settings this job runs with.
    ///
    /// @return an immutable value
    Configuration configuration();

    /// How each peer is reached, in the order of ranks.
    ///
    /// @return one route per rank, this one included
    List<RouteChoice> routes();

    /// Opens a port of this rank.
    ///
    /// @param spec what it is to be
    /// @return the port, to be closed
    /// @throws IllegalStateException if the name is taken on this rank, or the job is closed
    Port openPort(PortSpec spec);

    /// Makes a set of ports, empty at first, that are received from as one.
    ///
    /// @return the set
    PortSet newPortSet();

    /// Makes a message to send.
    ///
    /// @return an empty message, good until the job closes
    Message newMessage();

    /// Waits until a rank has a port of that name.
    ///
    /// @param rank     the owner
    /// @param name     what it named the port
    /// @param deadline how long to wait
    /// @return a right to it, to be closed
    /// @throws IndexOutOfBoundsException if there is no such rank
    /// @throws JobTimeoutException       if there is none in time
    /// @throws PeerFailedException       if the rank is gone
    SendRight lookup(int rank, String name, Duration deadline);

    /// Waits until a port of that name has been [published][Port#publish(String)].
    ///
    /// @param name     its name in the job
    /// @param deadline how long to wait
    /// @return a right to it, to be closed
    /// @throws JobTimeoutException if there is none in time
    SendRight lookup(String name, Duration deadline);

    /// How this process joined.
    ///
    /// @return how, and how long it took
    Joining joining();

    /// Ends this process, and every other of the job that can be told, at once and with an exit code: for failures that make going on pointless.
    /// Never returns.
    ///
    /// Nothing is closed and no shutdown hook runs. Ranks are told through the rendezvous; one that cannot be reached, because rank 0's process (of
    /// `porthole run`, the launcher's) has gone, sees this rank as failed. All ranks that are threads of this process end with it.
    ///
    /// @param exitCode the exit code of all, `1 <= exitCode <= 255`
    /// @throws IllegalArgumentException if it is out of range
    void abort(int exitCode);

    /// Collective. Leaves the job when all ranks do. Closing a closed job does nothing.
    ///
    /// Local resources are released even if it throws. Ports end first. Windows that are still open are closed without their peers. A rank that has failed is not
    /// waited for.
    ///
    /// @throws CollectiveMismatchException if another rank called something else
    @Override
    void close();
}
