package org.porthole.internal.collective;

import org.porthole.config.ArrivalMode;

/// What all ranks of a team agree on before they look at each other's control memory.
///
/// @param byMessages whether some rank reaches another by messages only
/// @param relaying   whether arrivals are relayed
public record TeamShape(boolean byMessages, boolean relaying) {
    /// In how large a team that needs messages each rank still tells all others: where each has a core, seven messages cost less than three hops. With
    /// two cores for all, a barrier over TCP takes 4 ranks as long either way, 8 ranks two thirds if it is relayed, 32 a third (adr/0007).
    private static final int DIRECT_RANKS = 8;

    private static final int MESSAGES = 1;
    private static final int RELAYS = 2;

    /// What a rank tells the others of itself.
    ///
    /// @param context the rank
    /// @return what [#of(byte\[\])] takes
    public static byte wish(TeamContext context) {
        boolean messages = context.isByMessages();
        boolean relays = context.arrivals() == ArrivalMode.RELAYED
                || (context.arrivals() == ArrivalMode.AUTO && messages && context.size() > DIRECT_RANKS);
        return (byte) ((messages ? MESSAGES : 0) | (relays ? RELAYS : 0));
    }

    /// The team's shape.
    ///
    /// @param wishes of all ranks
    /// @return the same on all
    public static TeamShape of(byte... wishes) {
        int any = 0;
        int all = MESSAGES | RELAYS;
        for (byte wish : wishes) {
            any |= wish;
            all &= wish;
        }
        return new TeamShape((any & MESSAGES) != 0, (all & RELAYS) != 0);
    }

    /// How much control memory a rank of a team needs.
    ///
    /// @param size how many ranks the team has
    /// @param wish that rank's
    /// @return bytes
    public static long controlBytes(int size, byte wish) {
        return TeamDescriptor.byteSize(size, wish != 0);
    }
}
