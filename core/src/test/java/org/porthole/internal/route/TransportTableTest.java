package org.porthole.internal.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.text.MessageFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.porthole.ConfigurationException;
import org.porthole.JoinException;
import org.porthole.TransportException;
import org.porthole.Transports;
import org.porthole.config.Configuration;
import org.porthole.internal.bootstrap.RankCard;
import org.porthole.internal.route.TransportTable.Candidate;
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

    private static TransportContext context(String transports) {
        return new TransportContext(0, 1, configuration(transports), (rank, cause) -> {}, awaited -> {});
    }

    private static List<Candidate> open(String transports) {
        return TransportTable.open(context(transports), false);
    }

    private static void close(List<Candidate> candidates) {
        TransportTable.opened(candidates).forEach(each -> each.transport().close());
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
        List<Candidate> candidates = open("stub-unavailable,stub-sound,inproc");

        assertThat(candidates).first().hasToString("stub-unavailable: there is no adapter (buy one)");
        List<NamedTransport> open = TransportTable.opened(candidates);
        assertThat(open).extracting(NamedTransport::name).containsExactly("stub-sound", "inproc");
        assertThat(open).extracting(NamedTransport::scope).containsExactly(Scope.HOST, Scope.PROCESS);
        close(candidates);
    }

    /// As `auto` would have chosen them, were they not for tests.
    private static final List<TransportProvider> AUTOMATIC =
            List.of(new StubTransportProvider.Broken(), new StubTransportProvider.Sound());

    @Test
    void shouldPassOverWhatCannotBeOpenedUnlessItIsNamed() {
        for (String transports : List.of("auto", "auto,stub-sound")) {
            List<Candidate> candidates = TransportTable.open(context(transports), false, AUTOMATIC);

            assertThat(candidates)
                    .first()
                    .hasToString("stub-broken: cannot be opened: stub-broken: the adapter smokes");
            assertThat(TransportTable.opened(candidates))
                    .extracting(NamedTransport::name)
                    .containsExactly("stub-sound");
            close(candidates);
        }
        assertThatExceptionOfType(TransportException.class)
                .isThrownBy(() -> TransportTable.open(context("auto,stub-broken"), false, AUTOMATIC.reversed()))
                .withMessageContaining("the adapter smokes");
    }

    @Test
    void shouldLeaveNetworksAloneOnOneHostUnlessNamedOrNeeded() {
        List<TransportProvider> nearestFirst = AUTOMATIC.reversed();
        List<Candidate> candidates = TransportTable.open(context("auto"), true, nearestFirst);
        assertThat(candidates).last().asString().startsWith("stub-broken: not opened: all ranks run on one host");
        close(candidates);

        assertThatExceptionOfType(TransportException.class)
                .as("named, and so opened")
                .isThrownBy(() -> TransportTable.open(context("auto,stub-broken"), true, nearestFirst))
                .withMessageContaining("the adapter smokes");
        assertThatExceptionOfType(TransportException.class)
                .as("nothing else, and so opened")
                .isThrownBy(() -> TransportTable.open(context("auto"), true, List.of(AUTOMATIC.getFirst())))
                .withMessageContaining("the adapter smokes");
    }

    @Test
    void shouldWarnOnceOfWhatCannotBeOpened() {
        List<String> warnings = new ArrayList<>();
        Logger logger = Logger.getLogger(TransportTable.class.getName());
        logger.setFilter(line -> {
            warnings.add(line.getLevel() + " " + MessageFormat.format(line.getMessage(), line.getParameters()));
            return false;
        });
        List<TransportProvider> automatic = List.of(new StubTransportProvider.Smoking(), AUTOMATIC.getLast());

        for (int rank = 0; rank < 3; rank++) {
            close(TransportTable.open(context("auto"), false, automatic));
        }

        logger.setFilter(null);
        assertThat(warnings)
                .containsExactly(
                        "WARNING passed over transport stub-smoking: cannot be opened: stub-smoking: it still smokes");
    }

    @Test
    void shouldSayInEachRouteWhatCouldNotBeOpened() {
        List<Candidate> candidates = TransportTable.open(context("auto"), false, AUTOMATIC);
        try (Routes routes = new Routes(0, 2, candidates)) {
            RankCard card = new RankCard("1", "here", 7, Map.of());

            assertThatExceptionOfType(JoinException.class)
                    .isThrownBy(() -> routes.connect(List.of(card, card)))
                    .withMessageContainingAll(
                            "stub-broken: cannot be opened: stub-broken: the adapter smokes; ",
                            "stub-sound: not open at that rank");
        }
    }

    @Test
    void shouldTellThatAnotherServesForWhatCannotBeOpened() {
        assertThat(TransportTable.choices(configuration("auto"), AUTOMATIC))
                .element(1)
                .isEqualTo(new Transports.Choice(
                        "same host", "stub-sound", "stub-broken: cannot be opened: stub-broken: the adapter smokes"));
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
        assertThat(Transports.choices(configuration("stub-unavailable,inproc")))
                .first()
                .isEqualTo(new Transports.Choice(
                        "same process", "inproc", "stub-unavailable: there is no adapter (buy one)"));
    }

    @Test
    void shouldTellThatNoJobCanBeJoined() {
        assertThat(Transports.choices(configuration("inproc,stub-broken"))).allSatisfy(choice -> {
            assertThat(choice.transport()).isEmpty();
            assertThat(choice.reason())
                    .contains("stub-broken: the adapter smokes", "no job can be joined", "porthole.transports");
        });
    }

    @Test
    void shouldNotChooseWhatIsNotAllowed() {
        assertThat(Transports.choices(configuration("stub-sound")))
                .extracting(Transports.Choice::transport)
                .containsExactly("stub-sound", "stub-sound", "");
    }
}
