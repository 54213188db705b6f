package org.porthole.internal.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.porthole.JoinException;

class InvitationTest {
    private static final String SECRET = "0123456789abcdef0123456789abcdef";

    @Test
    void shouldSurviveBeingPublished() {
        Invitation invitation = new Invitation(
                SECRET, 41_000, List.of(InetAddress.ofLiteral("10.1.2.3"), InetAddress.ofLiteral("fd77::1")));
        assertThat(Invitation.of(invitation.word())).isEqualTo(invitation);
        assertThat(invitation.word()).doesNotContain(" ", "\n", "=");
    }

    @Test
    void shouldFitThoughTheHostHasManyAddresses() {
        List<InetAddress> addresses = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            addresses.add(
                    InetAddress.ofLiteral("fd77:1234:5678:9abc:def0:1234:5678:" + Integer.toHexString(0xff00 + i)));
        }
        String word = new Invitation(SECRET, 65_535, addresses).word();
        assertThat(word).hasSizeLessThanOrEqualTo(LauncherExchange.MAX_CHARS);
        List<InetAddress> kept = Invitation.of(word).addresses();
        assertThat(kept).hasSizeGreaterThan(10).isEqualTo(addresses.subList(0, kept.size()));
    }

    @Test
    void shouldKeepToLoopbackOnOneHost() {
        Invitation invitation = Invitation.here(SECRET, 41_000, true);
        assertThat(invitation.addresses()).containsExactly(InetAddress.getLoopbackAddress());
        assertThat(invitation.places())
                .singleElement()
                .satisfies(each -> assertThat(each.getPort()).isEqualTo(41_000));
    }

    @Test
    void shouldNameThisHostForOthers() {
        assertThat(Invitation.here(SECRET, 41_000, false).addresses())
                .isNotEmpty()
                .noneMatch(InetAddress::isLinkLocalAddress)
                .last()
                .satisfies(last -> assertThat(last.isLoopbackAddress()).isTrue());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "PH1",
                "PH1;;1;10.0.0.1",
                "PH2;s;1;10.0.0.1",
                "PH1;s;0;10.0.0.1",
                "PH1;s;65536;10.0.0.1",
                "PH1;s;x;10.0.0.1",
                "PH1;s;1;",
                "PH1;s;1;example.org",
                "PH1;s;1;10.0.0.1,",
                "PH1;s;1;10.0.0.1;more"
            })
    void shouldRefuseWhatIsNone(String word) {
        assertThatExceptionOfType(JoinException.class)
                .isThrownBy(() -> Invitation.of(word))
                .withMessageContaining("no invitation of this version");
    }
}
