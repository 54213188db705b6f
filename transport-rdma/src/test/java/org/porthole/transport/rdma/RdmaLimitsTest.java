package org.porthole.transport.rdma;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RdmaLimitsTest {
    private static final long UNLIMITED = -1;

    private static long span(long mostMemory, long setting) {
        return new RdmaLimits(mostMemory, 1, 1, 1, 1, 0).span(setting);
    }

    @Test
    void shouldRegisterAtOnceWhatDeviceAndSettingAllowInWholePages() {
        assertThat(span(UNLIMITED, 1 << 20)).isEqualTo(1 << 20);
        assertThat(span(1 << 16, 1 << 20)).isEqualTo(1 << 16);
        assertThat(span(Integer.MAX_VALUE, 1L << 36)).isEqualTo((1L << 31) - RdmaLimits.PAGE);
        assertThat(span(UNLIMITED, 10_000)).isEqualTo(2 * RdmaLimits.PAGE);
        assertThat(span(UNLIMITED, 1)).isEqualTo(RdmaLimits.PAGE);
    }
}
