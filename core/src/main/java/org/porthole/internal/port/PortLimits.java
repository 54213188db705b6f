package org.porthole.internal.port;

import org.porthole.ConfigurationException;
import org.porthole.config.Configuration;
import org.porthole.config.CoreOptions;

/// How much of messages there may be.
///
/// @param ring           bytes of one ring
/// @param payload        most bytes of a message
/// @param memory         most bytes of messages that wait at this rank
/// @param inlineReportNs when an inline agent is reported
record PortLimits(long ring, long payload, long memory, long inlineReportNs) {
    private static final long LEAST_RING = 4 << 10;
    private static final long MOST_RING = 16 << 20;

    static PortLimits of(Configuration settings) {
        long ring = settings.value(CoreOptions.PORT_RING);
        long payload = settings.value(CoreOptions.PORT_PAYLOAD);
        if (ring < LEAST_RING || ring > MOST_RING || Long.bitCount(ring) != 1) {
            throw new ConfigurationException(
                    CoreOptions.PORT_RING.key() + ": " + ring + " is not a power of two from 4k to 16m");
        }
        if (payload < Long.BYTES || payload > ring / 4 - RecordDescriptor.MOST_BESIDES + RecordDescriptor.BODY) {
            throw new ConfigurationException(CoreOptions.PORT_PAYLOAD.key() + ": " + payload
                    + " is not within 8 and a quarter of " + CoreOptions.PORT_RING.key() + " less 1k");
        }
        return new PortLimits(
                ring, payload, settings.value(CoreOptions.PORT_MEMORY), settings.value(CoreOptions.PORT_INLINE_REPORT));
    }
}
