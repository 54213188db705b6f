package org.porthole.transport.rdma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.porthole.AccessRefusedException;
import org.porthole.DataType;
import org.porthole.Operator;
import org.porthole.TransportException;
import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;
import org.porthole.spi.Availability;
import org.porthole.spi.Awaited;
import org.porthole.spi.Endpoint;
import org.porthole.spi.Memory;
import org.porthole.spi.Registration;
import org.porthole.spi.RemoteMemory;
import org.porthole.spi.TargetAtomics;
import org.porthole.spi.TransportContext;

/// What adapters and ranks refuse, and what goes on after it.
class RdmaRefusalTest {
    private static final long SLICE_NS = 1_000_000;
    private static final Configuration SETTINGS =
            Configuration.load(Map.of(), Map.of()).with(CoreOptions.SECRET, "one");

    @BeforeEach
    void requireDevice() {
        boolean required = System.getProperty("porthole.test.require", "").contains("rdma");
        Availability availability = RdmaPorts.availability();
        if (required) {
            assertThat(availability).isInstanceOf(Availability.Available.class);
        }
        Assumptions.assumeTrue(availability instanceof Availability.Available, availability.toString());
    }

    private static RdmaTransport open(int rank, Configuration settings) {
        return new RdmaTransport(new TransportContext(rank, 2, settings, (peer, cause) -> {}, RdmaRefusalTest::await));
    }

    private static void await(Awaited awaited) {
        while (!awaited.isReady()) {
            awaited.checkPeers();
            awaited.park(SLICE_NS);
        }
    }

    @Test
    void shouldRefuseAtTheAdapterWhatIsWithdrawnAndGoOn() {
        try (RdmaTransport origin = open(0, SETTINGS);
                RdmaTransport target = open(1, SETTINGS);
                Memory stays = target.allocate(64, "stays");
                Memory goes = target.allocate(64, "goes");
                Registration staying = target.register(stays, TargetAtomics.of(stays));
                Endpoint endpoint = origin.connect(1, target.address());
                RemoteMemory remote = endpoint.attach(staying.key())) {
            Registration going = target.register(goes, TargetAtomics.of(goes));
            RemoteMemory withdrawn = endpoint.attach(going.key());
            MemorySegment value = MemorySegment.ofArray(new long[] {7});
            endpoint.put(withdrawn, 0, value, 0, Long.BYTES);
            endpoint.flush();
            assertThat(goes.segment().get(ValueLayout.JAVA_LONG, 0)).isEqualTo(7);
            going.close();
            goes.segment().fill((byte) 0);
            for (int round = 0; round < 3; round++) {
                long before = endpoint.started();
                endpoint.put(withdrawn, 0, value, 0, Long.BYTES);
                assertThatThrownBy(endpoint::flush)
                        .isInstanceOf(AccessRefusedException.class)
                        .hasMessageContaining("no longer shares");
                assertThat(goes.segment().get(ValueLayout.JAVA_LONG, 0)).isZero();
                assertThat(endpoint.started()).isGreaterThan(before);

                value.set(ValueLayout.JAVA_LONG, 0, round + 1L);
                endpoint.put(remote, 8, value, 0, Long.BYTES);
                endpoint.flush();
                assertThat(stays.segment().get(ValueLayout.JAVA_LONG, 8)).isEqualTo(round + 1L);
            }
        }
    }

    @Test
    void shouldRefuseRequestsForWhatIsWithdrawnAndGoOn() {
        try (RdmaTransport origin = open(0, SETTINGS);
                RdmaTransport target = open(1, SETTINGS);
                Memory goes = target.allocate(64, "goes");
                Memory stays = target.allocate(64, "stays");
                Registration staying = target.register(stays, TargetAtomics.of(stays));
                Endpoint endpoint = origin.connect(1, target.address());
                RemoteMemory remote = endpoint.attach(staying.key())) {
            Registration going = target.register(goes, TargetAtomics.of(goes));
            RemoteMemory withdrawn = endpoint.attach(going.key());
            going.close();
            MemorySegment result = MemorySegment.ofArray(new long[1]);
            endpoint.fetchAndOp(withdrawn, 0, DataType.LONG, Operator.SUM, 1, result);
            assertThatThrownBy(endpoint::flush).isInstanceOf(AccessRefusedException.class);
            assertThat(goes.segment().get(ValueLayout.JAVA_LONG, 0)).isZero();
            endpoint.fetchAndOp(remote, 0, DataType.LONG, Operator.SUM, 5, result);
            endpoint.flush();
            assertThat(stays.segment().get(ValueLayout.JAVA_LONG, 0)).isEqualTo(5);
        }
    }

    @Test
    void shouldRefuseWhoDoesNotKnowTheSecret() {
        Configuration other = SETTINGS.with(CoreOptions.SECRET, "other");
        try (RdmaTransport stranger = open(0, other);
                RdmaTransport target = open(1, SETTINGS);
                Memory memory = target.allocate(64, "guarded");
                Registration registration = target.register(memory, TargetAtomics.of(memory));
                Endpoint endpoint = stranger.connect(1, target.address())) {
            assertThatThrownBy(() -> endpoint.attach(registration.key()))
                    .isInstanceOf(TransportException.class)
                    .hasMessageContaining("secret");
        }
    }

    @Test
    void shouldNotReplaceADeviceThatWasAskedFor() {
        Configuration none = SETTINGS.with(RdmaOptions.DEVICE, "nosuch0");
        assertThatThrownBy(() -> open(0, none))
                .isInstanceOf(TransportException.class)
                .hasMessageContaining("nosuch0");
    }
}
