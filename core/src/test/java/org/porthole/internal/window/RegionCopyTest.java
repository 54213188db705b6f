package org.porthole.internal.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.porthole.Region;
import org.porthole.TransportException;
import org.porthole.internal.route.Target;
import org.porthole.spi.Endpoint;
import org.porthole.spi.Memory;
import org.porthole.spi.RemoteMemory;

/// What an endpoint is told of the runs of a region.
class RegionCopyTest {
    private static final Region SPREAD = Region.strided(0, 8, 3, 16);
    private static final Region WHOLE = Region.contiguous(0, 24);
    private static final MemorySegment HERE = MemorySegment.ofArray(new long[8]);

    private final List<String> told = new ArrayList<>();
    private boolean failing;

    private static final class Unmapped implements RemoteMemory {
        @Override
        public Optional<Memory> mapped() {
            return Optional.empty();
        }

        @Override
        public long byteSize() {
            return 64;
        }

        @Override
        public void close() {}
    }

    private Target target() {
        Endpoint endpoint = (Endpoint) Proxy.newProxyInstance(
                Endpoint.class.getClassLoader(), new Class<?>[] {Endpoint.class}, (proxy, method, arguments) -> {
                    told.add(method.getName());
                    if (failing && told.size() == 3) {
                        throw new TransportException("gone");
                    }
                    return null;
                });
        return Target.of(endpoint, new Unmapped(), 64);
    }

    @Test
    void shouldTellWhenRunsBeginAndEnd() {
        RegionCopy.ofThread().put(target(), SPREAD, HERE, WHOLE);
        assertThat(told).containsExactly("startRuns", "put", "put", "put", "endRuns");
        told.clear();
        RegionCopy.ofThread().get(target(), SPREAD, HERE, WHOLE);
        assertThat(told).containsExactly("startRuns", "get", "get", "get", "endRuns");
    }

    @Test
    void shouldEndTheRunsThoughOneOfThemFails() {
        failing = true;
        Target target = target();
        assertThatThrownBy(() -> RegionCopy.ofThread().put(target, SPREAD, HERE, WHOLE))
                .isInstanceOf(TransportException.class);
        assertThat(told).containsExactly("startRuns", "put", "put", "endRuns");
        told.clear();
        assertThatThrownBy(() -> RegionCopy.ofThread().get(target, SPREAD, HERE, WHOLE))
                .isInstanceOf(TransportException.class);
        assertThat(told).containsExactly("startRuns", "get", "get", "endRuns");
    }
}
