package org.porthole;

/// How one peer is reached, and why so.
///
/// @param peer      the peer's rank in the world team
/// @param transport the transport's name, or `self`
/// @param reason    a sentence: why this one, and why not those before it
public record RouteChoice(int peer, String transport, String reason) {}
