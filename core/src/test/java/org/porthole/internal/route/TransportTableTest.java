package org.porthole.internal.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.porthole.ConfigurationException;
import org.porthole.TransportException;
import org.porthole.Transports;
import org.porthole.config.Configuration;
import org.porthole.internal.route.TransportTable.NamedTransport;
import org.porthole.internal.route.testkit.StubTransportProvider;
import org.porthole.spi.Scope;
import org.porthole.spi.TransportContext;
import org.porthole.spi.TransportProvider;

/// On the class path are inproc and the stubs, which want to be asked for by name.
class TransportTableTest {
    private static Configuration configuration(String transports) {
        return Configuration.load(Map.of("porthole.transports", transports), Map.of());
    }

    private static List<String> enabled(String transports) {
        return TransportTable.enabled(configuration(transports)).stream()
                .map(TransportProvider::name)
                .toList();
    }

    private static List<NamedTransport> open(String transports) {
        return TransportTable.open(
                new TransportContext(0, 1, configuration(transports), (rank, cause) -> {}, awaited -> {}));
    }

    @AfterEach
    void requireAllClosed() {
        int left = StubTransportProvider.OPEN.getAndSet(0);
        assertThat(left).as("transports left open").isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "auto, inproc",
        "inproc, inproc",
        "'stub-sound,inproc', 'stub-sound,inproc'",
        "'stub-sound, auto', 'stub-sound,inproc'",
        "'auto,inproc,auto', inproc",
        "'inproc,stub-broken,inproc', 'inproc,stub-broken'",
    })
    void shouldEnableWhatIsNamedInThatOrder(String transports, String names) {
        assertThat(enabled(transports)).containsExactly(names.split(",", -1));
    }

    @ParameterizedTest
    @CsvSource({"inporc, inproc", "stub-sond, stub-sound"})
    void shouldGuessWhatWasMeant(String given, String meant) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> enabled("auto," + given))
                .withMessageContainingAll(
                        "porthole.transports", '"' + given + '"', "did you mean " + meant + "?", "on the class path");
    }

    @Test
    void shouldListWhatThereIsWhenItCannotGuess() {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> enabled("infiniband"))
                .withMessageContainingAll("\"infiniband\"", "inproc, stub-sound, stub-unavailable, stub-broken")
                .withMessageNotContaining("did you mean");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " , "})
    void shouldRefuseAnEmptyList(String transports) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> enabled(transports))
                .withMessageContainingAll("porthole.transports", "names no transport", "inproc");
    }

    @Test
    void shouldOpenWhatIsUsable() {
        List<NamedTransport> open = open("stub-unavailable,stub-sound,inproc");

        assertThat(open).extracting(NamedTransport::name).containsExactly("stub-sound", "inproc");
        assertThat(open).extracting(NamedTransport::scope).containsExactly(Scope.HOST, Scope.PROCESS);
        open.forEach(each -> each.transport().close());
    }

    @Test
    void shouldSayWhyNothingIsUsable() {
        assertThatExceptionOfType(TransportException.class)
                .isThrownBy(() -> open("stub-unavailable"))
                .withMessageContainingAll("porthole.transports=stub-unavailable", "there is no adapter", "(buy one)");
    }

    @Test
    void shouldLeaveNothingOpenWhenOneCannotBeOpened() {
        assertThatExceptionOfType(TransportException.class)
                .isThrownBy(() -> open("stub-sound,stub-broken"))
                .withMessageContaining("the adapter smokes");
    }

    @Test
    void shouldTellTheStatusOfEach() {
        assertThat(Transports.statuses(configuration("stub-unavailable,inproc")))
                .containsExactly(
                        new Transports.Status("inproc", "process", true, "", "", true),
                        new Transports.Status("stub-sound", "host", true, "", "", false),
                        new Transports.Status(
                                "stub-unavailable", "fabric", false, "there is no adapter", "buy one", true),
                        new Transports.Status("stub-broken", "network", true, "", "", false));
    }

    @Test
    void shouldChooseTheFirstThatServes() {
        List<Transports.Choice> choices = Transports.choices(configuration("inproc,stub-sound"));

        assertThat(choices)
                .extracting(Transports.Choice::peer)
                .containsExactly("same process", "same host", "other host");
        assertThat(choices).extracting(Transports.Choice::transport).containsExactly("inproc", "stub-sound", "");
        assertThat(choices.get(1).reason()).contains("inproc reaches the same process only");
        assertThat(choices.get(2).reason())
                .contains("inproc reaches the same process only", "stub-sound reaches the same host only");
    }

    @Test
    void shouldSayWhatWasPassedOver() {
        assertThat(Transports.choices(configuration("stub-unavailable,stub-broken,inproc")))
                .first()
                .isEqualTo(
                        new Transports.Choice(
                                "same process",
                                "inproc",
                                "stub-unavailable: there is no adapter (buy one); stub-broken: stub-broken: the adapter smokes"));
    }

    @Test
    void shouldNotChooseWhatIsNotAllowed() {
        assertThat(Transports.choices(configuration("stub-sound")))
                .extracting(Transports.Choice::transport)
                .containsExactly("stub-sound", "stub-sound", "");
    }
}
