package org.porthole.spi;

import org.porthole.config.Configuration;

/// What a transport is given when it is opened.
///
/// @param rank          this process's rank
/// @param size          how many ranks the job has
/// @param configuration the settings
/// @param failures      whom to tell of peers that are gone
/// @param waiting       how to wait where an operation must: for back-pressure and completion
public record TransportContext(
        int rank, int size, Configuration configuration, FailureListener failures, Waiting waiting) {}
