package org.porthole.transport.tcp;

import static org.porthole.testkit.WaitProgram.say;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.security.Security;
import java.util.Arrays;
import org.porthole.Access;
import org.porthole.Job;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// A rank that changes the keys of its connections after every 64 KiB or so, and sends much more to all others while they do the same.
public final class TlsProgram {
    private static final int BYTES = 300_007;
    private static final int ROUNDS = 12;
    private static final int WORD = 8;

    private TlsProgram() {}

    public static void main(String[] arguments) {
        // Read when the first connection is made.
        Security.setProperty("jdk.tls.keyLimits", "AES/GCM/NoPadding KeyUpdate 2^16, ChaCha20-Poly1305 KeyUpdate 2^16");
        try (Job job = Job.join();
                Window window = job.world().openWindow(WindowSpec.ofBytes(WORD + (long) BYTES * job.size()))) {
            long mine = WORD + (long) BYTES * job.rank();
            try (Access access = window.lockAll()) {
                for (int round = 0; round < ROUNDS; round++) {
                    byte[] bytes = new byte[BYTES];
                    Arrays.fill(bytes, (byte) (round + job.rank()));
                    byte[] back = new byte[BYTES];
                    for (int target = 0; target < job.size(); target++) {
                        access.put(target, mine, MemorySegment.ofArray(bytes));
                        access.fetchAdd(target, 0, 1);
                        access.flush(target);
                        access.get(target, mine, MemorySegment.ofArray(back));
                        access.flushLocal(target);
                        if (!Arrays.equals(bytes, back)) {
                            throw new AssertionError("round " + round + ": other bytes at rank " + target);
                        }
                    }
                }
            }
            job.world().barrier();
            long counted = window.local().get(ValueLayout.JAVA_LONG, 0);
            if (counted != (long) ROUNDS * job.size()) {
                throw new AssertionError("counted " + counted);
            }
        }
        say("clean");
    }
}
