package org.porthole.testkit;

import org.porthole.config.Option;
import org.porthole.config.OptionTable;

/// The settings of the indirect transport.
public final class IndirectOptions {
    /// The order of deferred operations.
    public static final Option<Integer> SEED = Option.ofInt(
            "porthole.indirect.seed",
            "0",
            0,
            Integer.MAX_VALUE,
            "Deferred operations are carried out in an order drawn from this seed; 0 keeps theirs.");

    /// How much is deferred.
    public static final Option<Integer> DEPTH = Option.ofInt(
            "porthole.indirect.depth",
            "64",
            1,
            1 << 16,
            "How many operations may wait for a flush; one more carries them all out.");

    /// The table of all of the above.
    public static final OptionTable TABLE = OptionTable.of("Indirect transport (for tests)", SEED, DEPTH);

    private IndirectOptions() {}
}
