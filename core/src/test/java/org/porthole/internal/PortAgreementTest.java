package org.porthole.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.porthole.Job;
import org.porthole.JoinException;
import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;
import org.porthole.config.Option;
import org.porthole.internal.bootstrap.LocalGroup;
import org.porthole.internal.progress.Membership;

/// Ranks whose rings or messages differ in size do not join.
class PortAgreementTest {
    private static final Configuration DEFAULTS = Configuration.load(Map.of(), Map.of());

    private static JoinException failure(LocalGroup group, int rank, Configuration settings) {
        try (Job job = JoinedJob.join(settings, group.bootstrap(rank), new Membership(2), new JoinClock())) {
            throw new AssertionError("rank " + job.rank() + " has joined");
        } catch (JoinException e) {
            return e;
        }
    }

    private static void requireRefusal(Option<?> option, String text) throws InterruptedException {
        LocalGroup group = new LocalGroup(2);
        AtomicReference<JoinException> other = new AtomicReference<>();
        Thread thread = Thread.ofPlatform().start(() -> other.set(failure(group, 1, DEFAULTS.with(option, text))));
        JoinException mine = failure(group, 0, DEFAULTS);
        thread.join();
        assertThat(mine).hasMessageContaining("the ranks disagree on " + option.key());
        assertThat(other.get()).hasMessage(mine.getMessage());
    }

    @Test
    void shouldRefuseRingsOfDifferentSizes() throws InterruptedException {
        requireRefusal(CoreOptions.PORT_RING, "128k");
    }

    @Test
    void shouldRefuseMessagesOfDifferentSizes() throws InterruptedException {
        requireRefusal(CoreOptions.PORT_PAYLOAD, "4k");
    }

    @Test
    void shouldRefuseSizesThatDoNotFit() {
        for (String ring : new String[] {"2k", "48k", "32m"}) {
            assertThatThrownBy(() -> Job.runLocal(1, DEFAULTS.with(CoreOptions.PORT_RING, ring), job -> {}))
                    .hasCauseInstanceOf(JoinException.class);
        }
        assertThatThrownBy(() -> Job.runLocal(1, DEFAULTS.with(CoreOptions.PORT_PAYLOAD, "16k"), job -> {}))
                .hasCauseInstanceOf(JoinException.class);
    }
}
