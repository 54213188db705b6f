package org.porthole.cli.perf;

/// A cell, and how to measure it.
///
/// @param cell     what is measured
/// @param everyone whether all ranks run the loop together; otherwise rank 0 does, while the others wait in a barrier
/// @param kernel   the loop
record Probe(Cell cell, boolean everyone, Kernel kernel) {
    static Probe byOrigin(Cell cell, Kernel kernel) {
        return new Probe(cell, false, kernel);
    }

    static Probe byAll(Cell cell, Kernel kernel) {
        return new Probe(cell, true, kernel);
    }
}
