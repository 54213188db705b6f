package org.porthole.spi;

/// What a transport can do natively; the runtime supplies the rest.
///
/// @param allocates   whether [Transport#allocate(long, String)] works: memory that its peers can map
/// @param loadStore   whether peers map memory and reach it with the CPU, so that [RemoteMemory#mapped()] is present
/// @param borrows     whether [Transport#register] takes memory that no transport allocated
/// @param adapterAtomics whether adapters carry out atomics on memory that is registered with [TargetAtomics#BY_ADAPTER], also on this rank's own
///                       through an endpoint to itself
public record Capabilities(boolean allocates, boolean loadStore, boolean borrows, boolean adapterAtomics) {
    /// A transport without atomics of adapters.
    ///
    /// @param allocates whether [Transport#allocate(long, String)] works
    /// @param loadStore whether peers map memory
    /// @param borrows   whether [Transport#register] takes memory that no transport allocated
    public Capabilities(boolean allocates, boolean loadStore, boolean borrows) {
        this(allocates, loadStore, borrows, false);
    }
}
