package org.porthole.cli.perf;

import java.util.List;

/// What is to be measured, and how. Immutable.
///
/// @param workloads what, in the order of the enum
/// @param selection the selection they come from; `ALL` if they were named
/// @param sizes     message sizes in bytes; empty for the standard ones
/// @param ranks     how many ranks, at least 2
/// @param isThreads whether the ranks are threads of one JVM
/// @param rounds    how often everything is measured
/// @param pace      how long and how often each cell is
/// @param isLoadAll whether every transport of the class path is used in the same JVM before
/// @param isJson    whether the output is lines of JSON
/// @param isAlloc   whether allocations are counted
/// @param label     what the output calls this runtime; empty for `porthole-` and the transport
record PerfSpec(
        List<Workload> workloads,
        Selection selection,
        List<Long> sizes,
        int ranks,
        boolean isThreads,
        int rounds,
        Pace pace,
        boolean isLoadAll,
        boolean isJson,
        boolean isAlloc,
        String label) {
    PerfSpec {
        workloads = List.copyOf(workloads);
        sizes = List.copyOf(sizes);
    }

    List<Long> sizes(Workload workload) {
        return workload.sizes(sizes, selection);
    }
}
