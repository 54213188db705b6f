package org.porthole.port;

import java.time.Duration;
import org.porthole.internal.port.OpenPortSet;

/// Several ports of one rank that are received from as one.
///
/// **Ordering.** The ports that have messages take turns.  **Threads.** Those that may receive from each of its ports.
public sealed interface PortSet permits OpenPortSet {
    /// Adds a port.
    ///
    /// @param port a queue or shared port of the same job
    /// @throws IllegalArgumentException if it is in the set, of another job, or has an agent
    void add(Port port);

    /// Takes a port out. A port that closes is out by itself.
    ///
    /// @param port what was added
    void remove(Port port);

    /// Waits for a message of any of the ports.
    ///
    /// @return the next message; [Message#port()] says of which
    /// @throws IllegalStateException                      if no open port is in the set
    /// @throws org.porthole.JobTimeoutException           if none comes within `porthole.wait.deadline`
    /// @throws java.util.concurrent.CancellationException if the thread is interrupted; the flag stays set
    Message receive();

    /// Waits for a message of any of the ports, but not for ever.
    ///
    /// @param deadline how long
    /// @return the next message; null if none came
    /// @throws IllegalStateException                      if no open port is in the set
    /// @throws java.util.concurrent.CancellationException if the thread is interrupted; the flag stays set
    Message receive(Duration deadline);

    /// Takes a message if there is one.
    ///
    /// @return the next message; null if there is none
    Message tryReceive();
}
