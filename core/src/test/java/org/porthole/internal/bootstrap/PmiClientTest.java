package org.porthole.internal.bootstrap;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.porthole.JoinException;

/// What is said to a PMI-1 server, by the words that servers were heard to answer: hydra 4.0.2's, and Slurm 22.05's, which differ in order.
class PmiClientTest {
    private static final List<String> GREETED = List.of(
            "cmd=response_to_init pmi_version=1 pmi_subversion=1 rc=0\n", "cmd=my_kvsname kvsname=kvs_1_0_vm\n");

    /// Answers with a script, in pieces of a few bytes.
    private static final class Script implements PmiLine {
        private final Queue<String> answers;
        private final int piece;
        final List<String> asked = new ArrayList<>();
        private byte[] rest = new byte[0];

        Script(int piece, List<String> first, String... then) {
            this.piece = piece;
            answers = new ArrayDeque<>(first);
            answers.addAll(Arrays.asList(then));
        }

        @Override
        public void write(byte[] bytes) {
            asked.add(new String(bytes, US_ASCII));
            if (!answers.isEmpty()) {
                rest = answers.remove().getBytes(US_ASCII);
            }
        }

        @Override
        public int read(byte[] bytes) throws SocketTimeoutException {
            if (rest.length == 0) {
                throw new SocketTimeoutException("no answer");
            }
            int count = Math.min(piece, rest.length);
            System.arraycopy(rest, 0, bytes, 0, count);
            rest = Arrays.copyOfRange(rest, count, rest.length);
            return count;
        }

        @Override
        public void close() {
            asked.add("closed");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 1000})
    void shouldPublishFenceReadAndTakeLeave(int piece) {
        Script script = new Script(
                piece,
                GREETED,
                "cmd=put_result rc=0 msg=success\n",
                "cmd=barrier_out\n",
                "cmd=get_result rc=0 msg=success value=PH1;s;1;10.0.0.1=x\n",
                "cmd=finalize_ack\n");
        try (PmiClient client = PmiClient.adopt(script, 0, 4)) {
            client.localRanks(2);
            assertThat(client.rank()).isZero();
            assertThat(client.size()).isEqualTo(4);
            assertThat(client.isOneHost()).isFalse();
            client.publish("word");
            client.fence();
            assertThat(client.read(0)).isEqualTo("PH1;s;1;10.0.0.1=x");
        }
        assertThat(script.asked)
                .containsExactly(
                        "cmd=init pmi_version=1 pmi_subversion=1\n",
                        "cmd=get_my_kvsname\n",
                        "cmd=put kvsname=kvs_1_0_vm key=porthole-0 value=word\n",
                        "cmd=barrier_in\n",
                        "cmd=get kvsname=kvs_1_0_vm key=porthole-0\n",
                        "cmd=finalize\n",
                        "closed");
    }

    @Test
    void shouldUnderstandAnotherOrder() {
        Script script = new Script(
                1000,
                List.of("cmd=response_to_init rc=0 pmi_version=1 pmi_subversion=1\n", "cmd=my_kvsname kvsname=7.0\n"),
                "cmd=get_result rc=0 value=word\n",
                "cmd=finalize_ack rc=0\n");
        try (PmiClient client = PmiClient.adopt(script, 1, 2)) {
            assertThat(client.read(0)).isEqualTo("word");
        }
    }

    @Test
    void shouldBeToldWhoItIs() {
        Script script = new Script(
                1000,
                List.of("cmd=initack\ncmd=set size=3\ncmd=set rank=2\ncmd=set debug=0\n"),
                GREETED.get(0),
                GREETED.get(1),
                "cmd=finalize_ack\n");
        try (PmiClient client = PmiClient.connect(script, 2)) {
            assertThat(client.rank()).isEqualTo(2);
            assertThat(client.size()).isEqualTo(3);
        }
        assertThat(script.asked).first().isEqualTo("cmd=initack pmiid=2\n");
    }

    @ParameterizedTest
    @CsvSource({
        "'cmd=get_result rc=-1 msg=key_x_not_found value=unknown', nothing of rank 0",
        "'cmd=get_result rc=0', an answer lacks value",
        "'cmd=barrier_out', it answered barrier_out instead of get_result",
        "'nonsense', it answered  instead of get_result",
    })
    void shouldSayWhatIsWrongWithAnAnswer(String answer, String message) {
        PmiClient client = PmiClient.adopt(new Script(1000, GREETED, answer + '\n'), 1, 2);
        assertThatExceptionOfType(JoinException.class)
                .isThrownBy(() -> client.read(0))
                .withMessageContainingAll("PMI", message);
    }

    @Test
    void shouldSayThatNobodyAnswers() {
        PmiClient client = PmiClient.adopt(new Script(1000, GREETED), 1, 2);
        assertThatExceptionOfType(JoinException.class)
                .isThrownBy(client::fence)
                .withMessageContaining("a rank has not started, or takes another way");
    }

    @Test
    void shouldNotSendWhatServersSpoil() {
        PmiClient client = PmiClient.adopt(new Script(1000, GREETED), 0, 2);
        assertThatIllegalArgumentException().isThrownBy(() -> client.publish("x".repeat(513)));
        assertThatIllegalArgumentException().isThrownBy(() -> client.publish("two words"));
    }
}
