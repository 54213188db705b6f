package org.porthole.spi;

/// What a transport can do natively; the runtime supplies the rest.
///
/// @param allocates   whether [Transport#allocate(long, String)] works: memory that its peers can map
/// @param loadStore   whether peers map memory and reach it with the CPU, so that [RemoteMemory#mapped()] is present
/// @param borrows     whether [Transport#register] takes memory that no transport allocated
public record Capabilities(boolean allocates, boolean loadStore, boolean borrows) {}
