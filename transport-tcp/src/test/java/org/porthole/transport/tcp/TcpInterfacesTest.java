package org.porthole.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.porthole.ConfigurationException;

class TcpInterfacesTest {
    private static final Map<String, List<InetAddress>> INTERFACES = new LinkedHashMap<>();

    static {
        INTERFACES.put("lo", addresses("::1", "127.0.0.1"));
        INTERFACES.put("eth0", addresses("fd77::1", "10.1.2.3"));
        INTERFACES.put("ib0", addresses("10.2.0.3", "10.1.255.9"));
        INTERFACES.put("beef", addresses("192.168.0.1"));
    }

    private static List<InetAddress> addresses(String... texts) {
        return Stream.of(texts).map(InetAddress::ofLiteral).toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            eth0                  | 10.1.2.3 fd77::1
            ib0                   | 10.2.0.3 10.1.255.9
            beef                  | 192.168.0.1
            10.2.0.3              | 10.2.0.3
            fd77::1               | fd77::1
            ::1                   | ::1
            10.1.0.0/16           | 10.1.2.3 10.1.255.9
            10.0.0.0/14           | 10.1.2.3 10.2.0.3 10.1.255.9
            10.1.2.0/23           | 10.1.2.3
            fd00::/8              | fd77::1
            0.0.0.0/0             | 127.0.0.1 10.1.2.3 10.2.0.3 10.1.255.9 192.168.0.1
            ib0, fd77::1,10.2.0.3 | 10.2.0.3 10.1.255.9 fd77::1
            """)
    void shouldListenWhereAskedAndTellPeers(String text, String expected) {
        TcpInterfaces chosen = TcpInterfaces.choose(text, INTERFACES);
        assertThat(chosen.advertised()).containsExactlyElementsOf(addresses(expected.split(" ", -1)));
        assertThat(chosen.bound()).isEqualTo(chosen.advertised());
    }

    @Test
    void shouldListenEverywhereByDefaultAndTellLoopbackFirst() {
        TcpInterfaces chosen = TcpInterfaces.choose("auto", INTERFACES);
        assertThat(chosen.bound()).isEmpty();
        assertThat(chosen.advertised())
                .containsExactlyElementsOf(addresses(
                        InetAddress.getLoopbackAddress().getHostAddress(),
                        "10.1.2.3",
                        "10.2.0.3",
                        "10.1.255.9",
                        "192.168.0.1"));
    }

    @Test
    void shouldTellNoMoreThanAnAddressHolds() {
        String[] many = IntStream.range(1, 20).mapToObj(i -> "fd77::" + i).toArray(String[]::new);
        TcpInterfaces chosen = TcpInterfaces.choose("fd00::/8", Map.of("eth0", addresses(many)));
        assertThat(chosen.advertised()).hasSize(TcpAddress.MOST_ADDRESSES);
        byte[] encoded =
                new TcpAddress(1, new byte[TcpAddress.NONCE_BYTES], 65_535, true, chosen.advertised()).encode();
        assertThat(TcpAddress.decode(encoded).addresses()).isEqualTo(chosen.advertised());
        assertThat(TcpAddress.decode(encoded).tls()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            eth7          | means no interface, address or network of this host
            10.9.0.0/16   | means no interface, address or network of this host
            10.1.0.0/33   | after the slash a number from 0 to 32 is due
            fd77::/129    | after the slash a number from 0 to 128 is due
            10.1.0.0/     | after the slash a number from 0 to 32 is due
            10.1.0.0/16/8 | after the slash a number from 0 to 32 is due
            10.1.0.256    | is no address, nor a network
            10..1/8       | is no address, nor a network
            eth0,         | means no interface, address or network of this host
            """)
    void shouldSayWhatIsWrongAndWhatThereIs(String text, String expected) {
        assertThatThrownBy(() -> TcpInterfaces.choose(text, INTERFACES))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith("porthole.tcp.interface: \"")
                .hasMessageContaining(expected)
                .hasMessageEndingWith("up are lo 0:0:0:0:0:0:0:1 127.0.0.1, eth0 fd77:0:0:0:0:0:0:1 10.1.2.3, "
                        + "ib0 10.2.0.3 10.1.255.9, beef 192.168.0.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "41000-", "41001-41000", "70000", "1-70000", "all", "41000,41001"})
    void shouldRefuseWhatIsNoRangeOfPorts(String text) {
        assertThatThrownBy(() -> TcpPorts.of(text))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("porthole.tcp.ports: \"" + text + "\" is no range of ports such as 41000-41099");
    }
}
