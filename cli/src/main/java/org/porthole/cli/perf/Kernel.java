package org.porthole.cli.perf;

/// A hot loop over one operation.
///
/// An implementation is one small method that does nothing else, so that the compilers treat it as they would treat a user's loop.
@FunctionalInterface
interface Kernel {
    /// Does the operation again and again.
    ///
    /// @param n how often; for operations that are outstanding together, a multiple of [Slots#OUTSTANDING]
    void run(int n);
}
