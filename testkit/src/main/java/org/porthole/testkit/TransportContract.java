package org.porthole.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.opentest4j.TestAbortedException;
import org.porthole.Job;
import org.porthole.LocalRankException;
import org.porthole.RankBody;
import org.porthole.Transports;
import org.porthole.Window;
import org.porthole.WindowSpec;
import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;

/// What all contracts share: jobs whose ranks are threads of this JVM, over the one transport under test.
///
/// A transport that cannot be used on this machine skips its tests, unless `-Dporthole.test.require` names it: then they fail. After each test
/// [LeakCheck] looks for what was left behind.
@Timeout(60)
@ExtendWith(LeakCheck.class)
public abstract class TransportContract {
    /// Names the transports, separated by commas, whose absence is a failure.
    public static final String REQUIRE_PROPERTY = "porthole.test.require";

    /// What the jobs of all contracts check: with `races`, a contract fails that is found to have a conflict.
    public static final String CHECK_PROPERTY = "porthole.test.check";

    /// Tag of tests in whose accesses there are conflicts on purpose.
    static final String CONFLICTS = "conflicts";

    /// How long threads of a test wait for each other, in seconds.
    static final long MEETING_S = 15;

    /// For contracts.
    protected TransportContract() {}

    /// The transport under test.
    ///
    /// @return what `porthole.transports` calls it
    protected abstract String transport();

    /// The settings of every job: this transport alone, and a wait deadline below that of the tests.
    ///
    /// @return the settings, to which a transport may add
    protected Configuration configuration() {
        return Configuration.load(Map.of(), Map.of())
                .with(CoreOptions.CHECK, System.getProperty(CHECK_PROPERTY, "off"))
                .with(CoreOptions.TRANSPORTS, transport())
                .with(CoreOptions.WAIT_DEADLINE, "20s");
    }

    private Conflicts conflicts;

    @BeforeEach
    final void listenForConflicts() {
        if (!System.getProperty(CHECK_PROPERTY, "off").equals("off")) {
            conflicts = new Conflicts();
        }
    }

    @AfterEach
    final void requireNoConflicts(TestInfo test) {
        if (conflicts != null) {
            conflicts.close();
            assertThat(test.getTags().contains(CONFLICTS) ? List.of() : conflicts.reported())
                    .isEmpty();
        }
    }

    @BeforeEach
    final void requireTransport() {
        Transports.Status status = Transports.statuses(configuration()).stream()
                .filter(each -> each.name().equals(transport()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no transport \"" + transport() + "\" on the class path"));
        boolean required = Arrays.asList(
                        System.getProperty(REQUIRE_PROPERTY, "").split(",", -1))
                .contains(transport());
        if (required) {
            assertThat(status.available()).as(status.cause()).isTrue();
        }
        Assumptions.assumeTrue(status.available(), status.cause());
    }

    /// Runs a job, and fails as its first failing rank did.
    ///
    /// @param size how many ranks
    /// @param body what each does
    protected final void ranks(int size, RankBody body) {
        ranks(size, configuration(), body);
    }

    /// Runs a job with settings of its own, and fails as its first failing rank did.
    ///
    /// @param size          how many ranks
    /// @param configuration the settings
    /// @param body          what each does
    protected static void ranks(int size, Configuration configuration, RankBody body) {
        try {
            Job.runLocal(size, configuration, body);
        } catch (LocalRankException e) {
            if (e.getCause() instanceof AssertionError) {
                throw new AssertionError(e.getMessage(), e);
            }
            if (e.getCause() instanceof TestAbortedException aborted) {
                throw aborted;
            }
            throw e;
        }
    }

    /// Runs a job that must fail.
    ///
    /// @param size how many ranks
    /// @param body what each does
    /// @return how it failed
    protected final LocalRankException failingRanks(int size, RankBody body) {
        return failingRanks(size, configuration(), body);
    }

    /// Runs a job that must fail, with settings of its own.
    ///
    /// @param size          how many ranks
    /// @param configuration the settings
    /// @param body          what each does
    /// @return how it failed
    protected static LocalRankException failingRanks(int size, Configuration configuration, RankBody body) {
        return catchThrowableOfType(LocalRankException.class, () -> Job.runLocal(size, configuration, body));
    }

    static Window open(Job job, long byteSize) {
        return job.world().openWindow(WindowSpec.ofBytes(byteSize));
    }

    /// Meets the other threads of a test outside the runtime under test.
    static void meet(CyclicBarrier others) throws Exception {
        others.await(MEETING_S, TimeUnit.SECONDS);
    }

    /// Waits for another thread of a test outside the runtime under test.
    static void await(CountDownLatch event) throws InterruptedException {
        assertThat(event.await(MEETING_S, TimeUnit.SECONDS))
                .as("the other thread came")
                .isTrue();
    }

    static byte[] randomBytes(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /// Bytes that make numbers of any type at any place, but no NaN, of which arithmetic may keep or change the payload.
    static byte[] randomNumbers(int length, long seed) {
        byte[] bytes = randomBytes(length, seed);
        for (int i = 0; i < length; i++) {
            if (bytes[i] == -1 || bytes[i] == Byte.MAX_VALUE) { // all ones in the exponent begin with one of these
                bytes[i] = 1;
            }
        }
        return bytes;
    }

    static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
