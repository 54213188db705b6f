package org.porthole.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;
import org.porthole.Job;

class ExampleTest {
    private static final String USAGE = """
            test [options]: tests
              --size N   how large
            """;

    @Test
    void shouldAgreeOnWrongResults() {
        Job.runLocal(3, job -> {
            assertThatThrownBy(() -> Example.verify(job, job.rank() == 0, "it is wrong"))
                    .isInstanceOf(WrongResultException.class)
                    .hasMessage("rank 1: it is wrong");
            Example.verify(job, true, "it is right");
        });
    }

    @Test
    void shouldAgreeThatRankZeroFailed() {
        Job.runLocal(
                3,
                job -> assertThatThrownBy(() -> Example.onRankZero(job, () -> {
                            throw new IOException("no luck");
                        }))
                        .isInstanceOf(UsageException.class)
                        .hasMessage("no luck"));
    }

    @Test
    void shouldGiveWhatRankZeroMade() {
        Job.runLocal(
                2,
                job -> assertThat(Example.onRankZero(job, () -> "made").isPresent())
                        .isEqualTo(job.rank() == 0));
    }

    @Test
    void shouldTurnOutcomesIntoExitCodes() {
        Job.runLocal(2, job -> {
            String[] words = {};
            assertThat(Example.run(job, USAGE, words, (it, arguments) -> "fine"))
                    .isZero();
            assertThat(Example.run(job, USAGE, new String[] {"--help"}, (it, arguments) -> "fine"))
                    .isZero();
            assertThat(Example.run(job, USAGE, new String[] {"--siz"}, (it, arguments) -> "fine"))
                    .isEqualTo(2);
            assertThat(Example.run(job, USAGE, words, (it, arguments) -> {
                        throw new WrongResultException("2 + 2 is 5");
                    }))
                    .isOne();
        });
    }

    @Test
    void shouldSayWhatIsWrongWithAFile() {
        assertThat(Example.reason(new NoSuchFileException("f"))).isEqualTo("there is no such file");
        assertThat(Example.reason(new IOException("outer", new IOException("inner"))))
                .isEqualTo("inner");
    }
}
