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

    /// Whether windows are moved into huge pages.
    enum HugePages {
        OFF,
        TRY,
        REQUIRE
    }

    static final Option<HugePages> HUGE_PAGES = Option.ofWord(
            "porthole.shm.hugepages",
            "off",
            HugePages.class,
            "Memory of 2 MiB or more is moved into huge pages (Linux 6.1) when it is allocated, at about 0.4 ms a MiB, which random access to large windows earns back: try goes on without them, require fails.");

    static final OptionTable TABLE = OptionTable.of("Shared-memory transport", CMA, HUGE_PAGES);

    private ShmOptions() {}
}
