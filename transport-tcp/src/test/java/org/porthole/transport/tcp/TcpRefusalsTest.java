package org.porthole.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TcpRefusalsTest {
    private final List<String> lines = new ArrayList<>();
    private final TcpRefusals refusals = new TcpRefusals(lines::add);

    @Test
    void shouldTellAFewAndThenHowManyMore() {
        for (int i = 0; i < 1000; i++) {
            refusals.tell(Long.MAX_VALUE - 5, "refused " + i);
        }
        assertThat(lines)
                .hasSize(TcpRefusals.MOST_LINES)
                .startsWith("refused 0")
                .endsWith("refused 9");
        refusals.check(Long.MAX_VALUE - 5 + TcpRefusals.PERIOD_NS);
        assertThat(lines).hasSize(TcpRefusals.MOST_LINES);
        refusals.check(Long.MAX_VALUE - 5 + TcpRefusals.PERIOD_NS + TimeUnit.SECONDS.toNanos(2));
        assertThat(lines).hasSize(TcpRefusals.MOST_LINES + 1).endsWith("refused 990 more connections in the last 12 s");
        refusals.tell(Long.MAX_VALUE - 5 + 2 * TcpRefusals.PERIOD_NS, "refused again");
        assertThat(lines).endsWith("refused again");
    }

    @Test
    void shouldSayNothingOfWhatHasBeenTold() {
        refusals.tell(0, "refused one");
        refusals.check(10 * TcpRefusals.PERIOD_NS);
        assertThat(lines).containsExactly("refused one");
    }

    @Test
    void shouldWriteOneShortLineWhateverItSays() {
        refusals.tell(0, "a\nb\u001b[0m" + "x".repeat(1000));
        assertThat(lines)
                .singleElement()
                .asString()
                .startsWith("a?b?[0mx")
                .hasSize(TcpRefusals.MOST_CHARACTERS + 3)
                .endsWith("x...");
    }
}
