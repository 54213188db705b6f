package org.porthole.transport.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.porthole.testkit.Cluster;
import org.porthole.testkit.LeakCheck;

/// Three real processes that reach each other by TLS, as their environment says.
@Timeout(120)
@ExtendWith(LeakCheck.class)
class TlsClusterIT {
    @ParameterizedTest
    @ValueSource(strings = {"epoll", "nio"})
    void shouldChangeKeysInTheMiddleOfThings(String io) {
        Map<String, String> environment = new HashMap<>();
        environment.put("PORTHOLE_TRANSPORTS", "tcp");
        environment.put("PORTHOLE_WAIT_DEADLINE", "40s");
        environment.put("PORTHOLE_TCP_IO", io);
        environment.put("PORTHOLE_TCP_TLS", "required");
        environment.put(
                "PORTHOLE_TCP_TLS_CERTIFICATE",
                Certificates.certificate(Certificates.RANK).toString());
        environment.put(
                "PORTHOLE_TCP_TLS_KEY", Certificates.key(Certificates.RANK).toString());
        environment.put("PORTHOLE_TCP_TLS_TRUST", Certificates.trust().toString());
        try (Cluster cluster = Cluster.start(3, environment, TlsProgram.class)) {
            cluster.awaitSuccess();
            assertThat(cluster.output(0)).contains("clean");
        }
    }
}
