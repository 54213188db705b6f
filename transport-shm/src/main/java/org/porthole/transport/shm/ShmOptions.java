package org.porthole.transport.shm;

import org.porthole.config.Option;
import org.porthole.config.OptionTable;

/// The settings of the shared-memory transport.
final class ShmOptions {
    /// Whether memory that the user brought is copied by the kernel.
    enum Cma {
        AUTO,
        OFF
    }

    static final Option<Cma> CMA = Option.ofWord(
            "porthole.shm.cma",
            "auto",
            Cma.class,
            "Memory that the user brought is reached by process_vm_readv and process_vm_writev if the kernel permits it; off sends messages.");

    static final OptionTable TABLE = OptionTable.of("Shared-memory transport", CMA);

    private ShmOptions() {}
}
