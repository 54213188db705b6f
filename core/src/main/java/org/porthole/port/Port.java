package org.porthole.port;

import java.time.Duration;
import org.porthole.Team;
import org.porthole.internal.port.OpenPort;

/// The receive right of a port: what this rank receives by.
///
/// ```java
/// try (Port inbox = job.openPort(PortSpec.queue().named("inbox"))) {
///     try (Message message = inbox.receive()) {
///         ...
///     }
/// }
/// ```
///
/// **Threads.** Any, but that a port of kind [PortKind#QUEUE] is received from by the thread that opened it.
public sealed interface Port extends AutoCloseable permits OpenPort {
    /// What it is found by.
    ///
    /// @return the name, empty if it has none
    String name();

    /// Who gets its messages.
    ///
    /// @return the kind
    PortKind kind();

    /// Gives a right to send to this port, good for any rank.
    ///
    /// @return the right, to be closed
    /// @throws IllegalStateException if the port is closed
    SendRight right();

    /// Makes a right that only the ranks of a team may use, whoever holds it.
    ///
    /// @param team the ranks
    /// @return the right, to be closed
    /// @throws IllegalStateException if the port is closed
    SendRight rightFor(Team team);

    /// Makes a right that is good for one message.
    ///
    /// @return the right
    /// @throws IllegalStateException if the port is closed
    SendRight onceRight();

    /// Ends a right and all its copies, wherever they are: messages that are sent with them from now on are refused.
    ///
    /// @param right a right of this port; the common one that [#right()] gives is replaced by another
    /// @throws IllegalArgumentException if it is a right of another port
    void revoke(SendRight right);

    /// Waits for a message.
    ///
    /// **Completion.** The message is the caller's until it is closed or replied to.  **Cost.** No allocation once warm.
    ///
    /// @return the next message
    /// @throws IllegalStateException                      if the port is closed or closes, or its kind has an agent
    /// @throws WrongThreadException                       if another thread owns the queue
    /// @throws org.porthole.JobTimeoutException           if none comes within `porthole.wait.deadline`
    /// @throws java.util.concurrent.CancellationException if the thread is interrupted; the flag stays set
    Message receive();

    /// Waits for a message, but not for ever.
    ///
    /// @param deadline how long
    /// @return the next message; null if none came
    /// @throws IllegalStateException                      if the port is closed or closes, or its kind has an agent
    /// @throws WrongThreadException                       if another thread owns the queue
    /// @throws java.util.concurrent.CancellationException if the thread is interrupted; the flag stays set
    Message receive(Duration deadline);

    /// Takes a message if there is one.
    ///
    /// @return the next message; null if there is none
    /// @throws IllegalStateException if the port is closed, or its kind has an agent
    /// @throws WrongThreadException  if another thread owns the queue
    Message tryReceive();

    /// Lets an agent deal with messages that are there, in this thread.
    ///
    /// @param agent what deals with them
    /// @param limit how many at most
    /// @return how many there were
    /// @throws IllegalStateException if the port is closed, or its kind has an agent
    /// @throws WrongThreadException  if another thread owns the queue
    int serve(PortAgent agent, int limit);

    /// Makes it known under a name that all ranks of the job find.
    ///
    /// @param jobName unique in the job
    /// @throws IllegalStateException if the name is taken, or the port is closed
    void publish(String jobName);

    /// Asks for one message of kind [MessageKind#NO_SENDERS] when no right is left that was given out: at once if that is so now.
    void notifyNoSenders();

    /// How many messages wait.
    ///
    /// @return a number that may have changed
    int queued();

    /// How many messages were refused because their rights were forged, stale, used up, revoked or not for their senders.
    ///
    /// @return how many since the port was opened
    long refused();

    /// Ends the port: its names are free, its rights become dead names, and what waits is answered so. Closing it again does nothing.
    @Override
    void close();
}
