package org.porthole.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.porthole.TransportException;

/// Which congestion control sockets of Linux get.
@Timeout(20)
class TcpCongestionTest {
    private static final long HEARTBEAT_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int IPPROTO_TCP = 6;
    private static final int TCP_CONGESTION = 13;
    private static final int LONGEST_NAME = 16;

    @BeforeEach
    void requireEpoll() {
        assumeThat(EpollPlatform.unavailability()).isNull();
    }

    @Test
    void shouldNotPaceWhatStaysOnTheHost() throws IOException {
        requireBothEnds("auto", "reno");
    }

    @Test
    void shouldTakeWhatTheOptionNames() throws IOException {
        requireBothEnds("reno", "reno");
    }

    @Test
    void shouldRefuseWhatTheSystemDoesNotHave() {
        assertThatThrownBy(() -> new EpollPlatform(HEARTBEAT_NS, "carrier-pigeon"))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("porthole.tcp.congestion: \"carrier-pigeon\"");
    }

    private static void requireBothEnds(String option, String expected) throws IOException {
        EpollPlatform platform = new EpollPlatform(HEARTBEAT_NS, option);
        TcpListener listener = platform.listen(InetAddress.getLoopbackAddress(), 0);
        TcpSocket origin = platform.connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.port()), HEARTBEAT_NS);
        TcpSocket target = listener.accept();
        assertThat(congestion(origin)).isEqualTo(expected);
        assertThat(congestion(target)).isEqualTo(expected);
        origin.close();
        target.close();
        listener.close();
    }

    private static String congestion(TcpSocket socket) throws IOException {
        ByteBuffer name = ByteBuffer.allocateDirect(LONGEST_NAME);
        ((EpollSocket) socket).socket().getRawOpt(IPPROTO_TCP, TCP_CONGESTION, name);
        byte[] bytes = new byte[LONGEST_NAME];
        name.get(0, bytes);
        return new String(bytes, StandardCharsets.US_ASCII).replace("\0", "");
    }
}
