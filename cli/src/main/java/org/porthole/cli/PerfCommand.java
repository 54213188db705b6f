package org.porthole.cli;

import java.util.List;
import java.util.Map;
import org.porthole.cli.perf.ExposureMain;
import org.porthole.cli.perf.PerfMain;

/// `porthole perf`: measures the runtime.
final class PerfCommand implements Command {
    @Override
    public String name() {
        return "perf";
    }

    @Override
    public String summary() {
        return "measure latency, bandwidth and synchronisation";
    }

    @Override
    public String usage() {
        return """
                usage: porthole perf [TEST...] [options]
                       porthole perf exposure [--most MIB] [--svg FILE]

                Starts ranks on this host and measures operations between ranks 0 and 1, and of all ranks.
                A sample is the mean of a batch of operations; a line shows the median of the samples, and the least and the largest.

                Tests (default: all but busy):

                """ + PerfMain.tests() + """

                  -n N              number of ranks, at least 2; default 2
                  --threads         ranks are threads of one JVM; default: processes
                  --set WORD        all; short: what a cache line's travel decides; sync: barrier, allreduce, fence
                  --short           the same as --set short
                  --sizes LIST      message sizes, such as 8,64,1k,4m; at most 16m
                  --repeat N        measure everything N times
                  --samples N       batches per cell; default 5
                  --batch-ms N      length of a batch; default 12
                  --warmup-ms N     length of the warm-up before the first cell; default 1500
                  --busy-target     add busy to the tests
                  --load-all        use every transport in each JVM first, so that its code is compiled for all of them
                  --alloc           show the bytes allocated per operation
                  --json            one JSON object a line: peer, w, op, size, unit, s (the samples)
                  --label NAME      the peer in JSON; default: porthole- and the transport

                Which transports are used is decided by porthole.transports, as always: PORTHOLE_TRANSPORTS=shm porthole perf.
                PORTHOLE_JVM holds arguments for the ranks' JVMs.

                perf exposure prints what an epoch costs the owner of a window under each policy and guard, for windows of 4 KiB to 1 GiB
                (--most: no larger ones), and from how much local work on which is cheaper; --svg draws it for 64 MiB.
                """;
    }

    @Override
    public int run(List<String> words) {
        if (!words.isEmpty() && words.getFirst().equals("exposure")) {
            return new JobLauncher(new LaunchSpec(
                            1,
                            false,
                            false,
                            Map.of(),
                            List.of(),
                            "",
                            ExposureMain.class.getName(),
                            words.subList(1, words.size())))
                    .run();
        }
        LaunchSpec launch = new LaunchSpec(
                PerfMain.processes(words), false, false, Map.of(), List.of(), "", PerfMain.class.getName(), words);
        return new JobLauncher(launch).run();
    }
}
