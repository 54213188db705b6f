package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.porthole.Access;
import org.porthole.Epoch;
import org.porthole.ExposureExpiredException;
import org.porthole.ExposurePolicy;
import org.porthole.ExposureSpec;
import org.porthole.Lease;
import org.porthole.LocalRankException;
import org.porthole.RaceException;
import org.porthole.RankBody;
import org.porthole.Window;
import org.porthole.WindowSpec;
import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;

/// With `porthole.check=races`, conflicting accesses are named with both call sites, both ranks, window and range.
@Tag(TransportContract.CONFLICTS)
public abstract class RaceContract extends TransportContract {
    private static final String FAIL = "fail";
    private static final Duration LONG = Duration.ofHours(1);
    private static final int PROGRAMS = 150;
    /// Neighbouring seeds begin alike.
    private static final long SCRAMBLER = 0x9E37_79B9_7F4A_7C15L;

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
    void shouldFindWhatTwoOriginsDoAndNothingElse() {
        runPrograms(RacyProgram::ofTwoOrigins);
    }

    @Test
    void shouldFindWhatOneOriginDoesAndNothingElse() {
        runPrograms(RacyProgram::ofOneOrigin);
    }

    @Test
    void shouldFindBuffersUsedTooEarlyAndNothingElse() {
        runPrograms(RacyProgram::ofBuffers);
    }

    private void runPrograms(Function<Random, RacyProgram> maker) {
        Long given = Long.getLong(RandomProgramContract.SEED_PROPERTY);
        long first = given == null ? new SecureRandom().nextInt() : given;
        int count = given == null ? PROGRAMS : 1;
        List<RacyProgram> programs = LongStream.range(first, first + count)
                .mapToObj(seed -> maker.apply(new Random(seed * SCRAMBLER)))
                .toList();
        List<String> reported = conflicts(RacyProgram.RANKS, job -> {
            for (int i = 0; i < count; i++) {
                WindowSpec spec = WindowSpec.ofBytes(1024)
                        .withNotifications(1)
                        .withPolicy(policy(first + i))
                        .named("program-" + (first + i));
                try (Window window = job.world().openWindow(spec)) {
                    programs.get(i).run(job, window);
                }
            }
        });
        for (int i = 0; i < count; i++) {
            String name = "window \"program-" + (first + i) + '"';
            assertThat(reported.stream().filter(line -> line.contains(name)))
                    .as("%s; -D%s=%d repeats it", programs.get(i), RandomProgramContract.SEED_PROPERTY, first + i)
                    .hasSize(programs.get(i).isRacy() ? 1 : 0);
        }
        assertThat(programs).anyMatch(program -> count == 1 || program.isRacy());
    }

    /// What goes through accesses is seen whatever keeps the owner's loads and stores away, or does not.
    private static ExposurePolicy policy(long seed) {
        ExposurePolicy[] all = ExposurePolicy.values();
        return all[(int) Math.floorMod(seed, (long) all.length)];
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

    /// Lines are not looked at each time once a loop has gone on for long.
    @Test
    void shouldNameTheLinesOfLongLoops() {
        int rounds = 2000;
        List<String> reported = conflicts(2, job -> {
            try (Window window = open(job, 80L * rounds);
                    Epoch epoch = window.fence()) {
                if (job.rank() == 1) {
                    for (long round = 0; round < rounds; round++) {
                        putHere(epoch, 80 * round);
                        putThere(epoch, 80 * round + 40);
                        if (round % 2 == 0) {
                            epoch.flush(0);
                        }
                    }
                } else {
                    epoch.put(0, 80L * (rounds - 1), MemorySegment.ofArray(new byte[80]));
                }
            }
        });

        long last = 80L * (rounds - 1);
        assertThat(reported)
                .hasSize(2)
                .anyMatch(line -> line.contains("bytes " + last + " to " + (last + 39))
                        && line.contains("RaceContract.putHere(RaceContract.java"))
                .anyMatch(line -> line.contains("bytes " + (last + 40) + " to " + (last + 79))
                        && line.contains("RaceContract.putThere(RaceContract.java"));
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

    /// Ranks that have nothing to say are silent for any number of synchronisations, and what was said before is not taken for new.
    @Test
    void shouldCompareWhatIsNewAtEachSynchronisation() {
        List<String> reported = conflicts(2, job -> {
            try (Window window = open(job, 4096)) {
                for (int round = 0; round < 12; round++) {
                    try (Epoch epoch = window.fence()) {
                        if (round % 3 != 2 && job.rank() == round % 2) {
                            putHere(epoch, 100);
                        }
                    }
                    for (int quiet = 0; quiet < round % 4; quiet++) {
                        job.world().barrier();
                    }
                }
                try (Epoch epoch = window.fence()) {
                    if (job.rank() == 0) {
                        putHere(epoch, 200);
                    } else {
                        putThere(epoch, 205);
                    }
                }
            }
        });

        assertThat(reported).hasSize(1);
        assertThat(reported.getFirst()).contains("bytes 205 to 239");
    }

    /// What one rank says before a synchronisation that is then refused to it counts at the next, and the ranks stay in step.
    @Test
    void shouldCompareWhatWasSaidBeforeARefusal() {
        List<String> reported = conflicts(2, job -> {
            try (Window window = open(job, 4096)) {
                Access access = window.lockAll();
                if (job.rank() == 0) {
                    putHere(access, 200);
                } else {
                    putThere(access, 205);
                    access.flush(0);
                    assertThatThrownBy(window::fence).isInstanceOf(IllegalStateException.class);
                    putThere(access, 1000);
                }
                access.close();
                job.world().barrier();
            }
        });

        assertThat(reported).hasSize(1);
        assertThat(reported.getFirst()).contains("bytes 205 to 239");
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

    @Test
    void shouldSeeThatTheEndOfALeaseOrders() {
        List<String> reported = leasedInTurn(true);

        assertThat(reported).isEmpty();
    }

    @Test
    void shouldNameWhatIsDoneByTwoLeasesAtOnce() {
        List<String> reported = leasedInTurn(false);

        assertThat(reported).hasSize(1);
        assertThat(reported.getFirst())
                .contains("bytes 130 to 139", "put by rank 1", "put by rank 2")
                .contains("RaceContract.putHere(RaceContract.java", "RaceContract.putThere(RaceContract.java");
    }

    /// Ranks 1 and 2 put to the same place by leases that rank 0 gives, and by nothing else that would order them.
    private List<String> leasedInTurn(boolean ending) {
        CountDownLatch put = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        CountDownLatch given = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(2);
        return conflicts(3, job -> {
            try (Window window = open(job, 4096)) {
                if (job.rank() == 0) {
                    Lease first = window.expose(ExposureSpec.to(1), LONG);
                    given.countDown();
                    await(put);
                    if (ending) {
                        first.close();
                    }
                    Lease second = window.expose(ExposureSpec.to(2), LONG);
                    ended.countDown();
                    await(over);
                    first.close();
                    second.close();
                } else if (job.rank() == 1) {
                    await(given);
                    try (Access access = window.access(0)) {
                        putHere(access, 100);
                        access.flush(0);
                        put.countDown();
                        await(ended);
                    } catch (ExposureExpiredException e) {
                        assertThat(ending).isTrue();
                    }
                    over.countDown();
                } else {
                    await(ended);
                    try (Access access = window.access(0)) {
                        putThere(access, 130);
                    }
                    over.countDown();
                }
            }
        });
    }

    @Test
    void shouldNameTwoAccessesByLeaseWithoutAFlush() {
        List<String> reported = conflicts(1, job -> {
            try (Window window = open(job, 4096);
                    Lease lease = window.expose(ExposureSpec.to(0), LONG)) {
                assertThat(lease.isOpen()).isTrue();
                try (Access access = window.access(0)) {
                    putHere(access, 8);
                    putThere(access, 8);
                }
            }
        });

        assertThat(reported).hasSize(1);
        assertThat(reported.getFirst()).contains("both by this rank", "flush(0) in between is missing");
    }
}
