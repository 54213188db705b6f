package org.porthole.cli.perf;

/// Numbers that ranks put for each other to see. All ranks count alike, as long as they do the same.
///
/// No number comes twice, so that nothing left in a window can be taken for the one awaited.
final class TurnCounter {
    /// Far from what else is written into the window.
    private static final long BASE = 0x5EE0_0000_0000_0000L;

    private long turn = BASE;

    /// Counts on.
    long next() {
        return ++turn;
    }
}
