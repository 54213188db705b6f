package org.porthole;

import java.time.Duration;

/// How a job was joined, and how long that took. Waiting for ranks that start later is part of `launcher`, where the launcher's own fence waits, and
/// of `meeting`.
///
/// @param method     how this process learned its rank and its peers
/// @param detection  finding that out, and loading what it takes to speak to the launcher
/// @param launcher   speaking to the launcher
/// @param transports opening the transports
/// @param meeting    until all ranks had said where they are
/// @param connecting until all had connected
/// @param whole      all of it
public record Joining(
        String method,
        Duration detection,
        Duration launcher,
        Duration transports,
        Duration meeting,
        Duration connecting,
        Duration whole) {}
