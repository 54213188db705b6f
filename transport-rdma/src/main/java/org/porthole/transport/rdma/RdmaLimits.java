package org.porthole.transport.rdma;

/// What a device can do.
///
/// @param mostMemory  longest registration, in bytes
/// @param mostWork    most work requests of a queue
/// @param mostEntries most entries of a completion queue
/// @param mostPieces  most pieces of memory of one work request
/// @param mostReads   most reads and atomics under way of one queue pair, at either end
/// @param atomics     as `enum ibv_atomic_cap`
record RdmaLimits(long mostMemory, int mostWork, int mostEntries, int mostPieces, int mostReads, int atomics) {
    /// `IBV_ATOMIC_HCA`: atomic to each other if they come through one device; `IBV_ATOMIC_GLOB`: to the processor's as well.
    private static final int ATOMIC_HCA = 1;

    /// The least [#span(long)].
    static final long PAGE = 4096;

    /// How many bytes one registration of a memory takes: the device's most, or what is set if that is less, in whole pages.
    ///
    /// @param setting at least a page
    long span(long setting) {
        long device = mostMemory > 0 ? mostMemory : Long.MAX_VALUE; // an unsigned number there
        return Math.max(Math.min(device, setting), PAGE) / PAGE * PAGE;
    }

    /// Whether the device carries out atomics.
    boolean hasAtomics() {
        return atomics >= ATOMIC_HCA;
    }
}
