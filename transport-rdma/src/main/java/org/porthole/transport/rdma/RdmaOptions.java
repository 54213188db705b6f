package org.porthole.transport.rdma;

import org.porthole.config.Option;
import org.porthole.config.OptionTable;

/// The settings of the RDMA transport.
final class RdmaOptions {
    static final Option<String> DEVICE = Option.ofText(
            "porthole.rdma.device",
            "auto",
            "Which RDMA device is used: its name, as mlx5_0, with a port if it has several, as mlx5_0:2; or an IP address that a GID of the port stands for; or auto for the first port that is active.");

    static final Option<String> GID = Option.ofText(
            "porthole.rdma.gid",
            "auto",
            "Which of the port's GIDs peers send to: its index; or auto for the first one of RoCE v2 that stands for an IPv4 address, and on InfiniBand none.");

    static final Option<RdmaProviderMode> PROVIDER = Option.ofWord(
            "porthole.rdma.provider",
            "auto",
            RdmaProviderMode.class,
            "What is under DiSNI's verbs: ffm for foreign functions on libibverbs; jni for DiSNI's own libdisni.so, where there is one; or auto, which is ffm.");

    static final Option<Long> CONNECT_DEADLINE = Option.ofDurationNs(
            "porthole.rdma.connect.deadline",
            "10s",
            "How long agreeing on a queue pair at one address of a peer may take.");

    static final Option<Long> RECONNECT = Option.ofDurationNs(
            "porthole.rdma.reconnect",
            "10s",
            "How long a rank whose queue pair is in error is looked for again; operations go on where they were.");

    static final Option<Long> REGISTRATION = Option.ofSize(
            "porthole.rdma.registration",
            "64g",
            "Longest registration, if the adapter does not set a lower bound; memory that is longer is registered in several pieces.");

    static final Option<Long> CACHE_FROM = Option.ofSize(
            "porthole.rdma.cache.from",
            "16k",
            "Shortest payload that the adapter moves from or to the caller's own memory, which is registered for that; shorter ones are copied through the transport's buffers.");

    static final Option<Integer> CACHE_ENTRIES = Option.ofInt(
            "porthole.rdma.cache.entries",
            "256",
            0,
            1 << 16,
            "How many registrations of callers' memory are kept; with 0 all payloads are copied.");

    static final Option<Long> CACHE_BYTES = Option.ofSize(
            "porthole.rdma.cache.bytes",
            "1g",
            "How much of callers' memory is kept registered, and so locked, at most.");

    static final OptionTable TABLE = OptionTable.of(
            "RDMA transport",
            DEVICE,
            GID,
            PROVIDER,
            CONNECT_DEADLINE,
            RECONNECT,
            REGISTRATION,
            CACHE_FROM,
            CACHE_ENTRIES,
            CACHE_BYTES);

    private RdmaOptions() {}
}
