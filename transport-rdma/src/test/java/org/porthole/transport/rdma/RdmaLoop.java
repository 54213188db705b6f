package org.porthole.transport.rdma;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.spi.Endpoint;
import org.porthole.spi.Memory;
import org.porthole.spi.Registration;
import org.porthole.spi.RemoteMemory;
import org.porthole.spi.TargetAtomics;

/// What verbs-loop.c measures, through the transport: one operation at a time and a flush, between two ranks of one process. Prints microseconds an
/// operation, the median of batches. See system-tests/guest/figures.sh.
final class RdmaLoop {
    private static final int BATCH = 200;
    private static final int BATCHES = 25;
    private static final int WARM_UP = 100;

    private RdmaLoop() {}

    public static void main(String[] words) {
        try (RdmaPair pair = new RdmaPair(RdmaPair.SETTINGS);
                Memory memory = pair.target.allocate(4096, "loop");
                Registration registration = pair.target.register(memory, TargetAtomics.BY_ADAPTER);
                RemoteMemory remote = pair.endpoint.attach(registration.key());
                Arena arena = Arena.ofConfined()) {
            MemorySegment word = arena.allocate(Long.BYTES, Long.BYTES);
            Endpoint to = pair.endpoint;
            // As ranks that wait do: the agents stay away.
            pair.origin.enter();
            pair.target.enter();
            measure("put-8", to, () -> to.put(remote, 0, word, 0, Long.BYTES));
            measure("get-8", to, () -> to.get(remote, 0, word, 0, Long.BYTES));
            measure("fetch-add", to, () -> to.fetchAndOp(remote, 0, DataType.LONG, Operator.SUM, 1, word));
            pair.origin.leave(false);
            pair.target.leave(false);
        }
    }

    private static void measure(String name, Endpoint to, Runnable operation) {
        double[] us = new double[BATCHES];
        for (int batch = -WARM_UP; batch < BATCHES; batch++) {
            long begin = System.nanoTime();
            for (int i = 0; i < BATCH; i++) {
                operation.run();
                to.flush();
            }
            if (batch >= 0) {
                us[batch] = (System.nanoTime() - begin) / 1e3 / BATCH;
            }
        }
        Arrays.sort(us);
        System.out.printf(
                "java  %-10s %8.2f us [%.2f..%.2f]%n", name, us[BATCHES / 2], us[BATCHES / 10], us[BATCHES * 9 / 10]);
    }
}
