package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.porthole.Access;
import org.porthole.Epoch;
import org.porthole.LocalRankException;
import org.porthole.RaceException;
import org.porthole.RankBody;
import org.porthole.Window;
import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;

/// With `porthole.check=races`, conflicting accesses are named with both call sites, both ranks, window and range.
public abstract class RaceContract extends TransportContract {
    private static final String FAIL = "fail";

    /// For transports.
    protected RaceContract() {}

    @Override
    protected Configuration configuration() {
        return super.configuration().with(CoreOptions.CHECK, "races");
    }

    /// Runs a job.
    ///
    /// @return what was reported
    private List<String> conflicts(int size, RankBody body) {
        try (Conflicts conflicts = new Conflicts()) {
            ranks(size, body);
            return conflicts.reported();
        }
    }

    @Test
    void shouldNameBothPutsOfTwoOrigins() {
        List<String> reported = conflicts(3, job -> {
            try (Window window = open(job, 4096);
                    Epoch epoch = window.fence()) {
                if (job.rank() == 1) {
                    putHere(epoch, 100);
                } else if (job.rank() == 2) {
                    putThere(epoch, 130);
                }
            }
        });

        assertThat(reported).hasSize(1);
        assertThat(reported.getFirst())
                .contains("window-1", "rank 0's part", "bytes 130 to 139")
                .contains("put by rank 1", "RaceContract.putHere(RaceContract.java")
                .contains("put by rank 2", "RaceContract.putThere(RaceContract.java");
    }

    private static void putHere(Access access, long offset) {
        access.put(0, offset, MemorySegment.ofArray(filled(40, 1)));
    }

    private static void putThere(Access access, long offset) {
        access.put(0, offset, MemorySegment.ofArray(filled(40, 2)));
    }

    @Test
    void shouldSeeThatAFenceOrders() {
        List<String> reported = conflicts(3, job -> {
            try (Window window = open(job, 4096);
                    Epoch epoch = window.fence()) {
                if (job.rank() == 1) {
                    putHere(epoch, 100);
                }
                epoch.next();
                if (job.rank() == 2) {
                    putThere(epoch, 130);
                }
            }
        });

        assertThat(reported).isEmpty();
    }

    @Test
    void shouldFailOnAllRanksIfWanted() {
        Configuration failing = configuration().with(CoreOptions.CHECK_ACTION, FAIL);
        LocalRankException failure = failingRanks(3, failing, job -> {
            try (Window window = open(job, 4096);
                    Epoch epoch = window.fence()) {
                if (job.rank() == 1) {
                    putHere(epoch, 100);
                } else if (job.rank() == 2) {
                    putThere(epoch, 130);
                }
            }
        });

        assertThat(failure.getCause())
                .isInstanceOf(RaceException.class)
                .hasMessageContaining("RaceContract.putHere")
                .hasMessageContaining("RaceContract.putThere");
        assertThat(failure.getSuppressed())
                .hasSize(2)
                .allSatisfy(other -> assertThat(other.getCause()).isInstanceOf(RaceException.class));
    }

    @Test
    void shouldNameTwoAccessesOfOneOriginWithoutAFlush() {
        List<String> reported = conflicts(2, job -> {
            try (Window window = open(job, 4096);
                    Access access = window.lockAll()) {
                if (job.rank() == 1) {
                    putHere(access, 8);
                    access.flush(0);
                    putThere(access, 8);
                    access.get(0, 20, MemorySegment.ofArray(new byte[30]));
                }
            }
        });

        assertThat(reported).hasSize(1);
        assertThat(reported.getFirst())
                .contains("bytes 20 to 49", "get at org.porthole.testkit.RaceContract")
                .contains("put at org.porthole.testkit.RaceContract.putThere", "flush(0) in between is missing");
    }
}
