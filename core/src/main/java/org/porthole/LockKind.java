package org.porthole;

/// How a passive-target epoch shares its target.
///
/// **Source.** MPI-4.1, 12.5.3.
public enum LockKind {
    /// Many ranks may hold it at once; conflicting puts are kept apart by the program, or are atomics.
    SHARED,
    /// One rank alone holds it.
    EXCLUSIVE
}
