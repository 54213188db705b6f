package org.porthole.cli.perf;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// What can be measured, in the order in which it is.
enum Workload {
    LINE("line", "a cache line from rank to rank, one way: tells where the cores are; before and after the rest"),
    COLD("cold", "W8: one put+flush while the target computes for 200 ms"),
    BUSY("busy", "put+flush of 8 bytes again and again, while the target waits and while it computes (--busy-target)"),
    PUT("put", "W1: put and flush, latency"),
    SEEN("put-seen", "put until the target, which polls its own memory, sees it, one way"),
    GET("get", "W2: get and flush, latency"),
    PUT_BANDWIDTH("put-bw", "W3: 64 puts and a flush, bandwidth, beside plain copies"),
    PUT_RATE("put-rate", "W3: 64 puts of 8 bytes and a flush, operations per second"),
    GET_BANDWIDTH("get-bw", "W4: 64 gets and a flush, bandwidth, beside plain copies"),
    GET_RATE("get-rate", "W4: 64 gets of 8 bytes and a flush, operations per second"),
    FETCH_ADD("fetch-add", "W5: fetch-and-add of 64 bits, latency"),
    EXCHANGE("cas", "W5: compare-and-exchange of 64 bits, latency"),
    ACCUMULATE("accumulate", "W5: sum of doubles onto the target's, in a window for bulk atomics, latency"),
    LOCK("lock", "W6: exclusive lock and unlock of another rank"),
    LOCK_PUT("lock-put", "W6: lock, put of 8 bytes, unlock"),
    GROUP("pscw", "W6: a group epoch of two ranks: post, start, complete, wait"),
    BARRIER("barrier", "W6: barrier of all ranks"),
    ALLREDUCE("allreduce", "W6: sum of doubles over all ranks, 8 bytes and 1 MiB"),
    FENCE("fence", "W6: from one fence epoch to the next"),
    PORT_OWN("port-own", "a call to an agent in the same process"),
    PORT_CALL("port-call", "a call to the agent of another rank, there and back"),
    PORT("port", "W7: a message from queue to queue, one way"),
    PORT_RATE("port-rate", "messages of 8 bytes from one rank to another, per second"),
    PORT_FAN_IN("port-fanin", "messages of 8 bytes from all others to rank 0, per second");

    private static final Set<Workload> SHORT = EnumSet.of(LINE, SEEN, GROUP, BARRIER, ALLREDUCE, FENCE);
    private static final Set<Workload> SYNC = EnumSet.of(BARRIER, ALLREDUCE, FENCE);
    private static final Set<Workload> PORTS = EnumSet.of(LINE, PORT_OWN, PORT_CALL, PORT, PORT_RATE, PORT_FAN_IN);
    private static final List<Long> LATENCY_SIZES = List.of(8L, 1024L);
    private static final List<Long> WORD = List.of(8L);
    private static final List<Long> ARRAYS = List.of(1L << 10, 64L << 10);
    private static final List<Long> WORD_AND_ARRAY = List.of(8L, 1L << 20);

    private final String word;
    private final String summary;

    Workload(String word, String summary) {
        this.word = word;
        this.summary = summary;
    }

    /// What selects it on the command line.
    String word() {
        return word;
    }

    String summary() {
        return summary;
    }

    /// Whether a selection includes it.
    boolean isIn(Selection selection) {
        return switch (selection) {
            case ALL -> this != BUSY;
            case SHORT -> SHORT.contains(this);
            case SYNC -> SYNC.contains(this);
            case PORTS -> PORTS.contains(this);
        };
    }

    /// The sizes it is measured at.
    ///
    /// @param chosen    what the user chose; empty for the standard ones
    /// @param selection what is measured besides
    /// @return bytes; empty for what has no sizes to choose
    List<Long> sizes(List<Long> chosen, Selection selection) {
        boolean isShort = selection == Selection.SHORT;
        return switch (this) {
            case PUT, GET, PUT_BANDWIDTH, GET_BANDWIDTH -> chosen.isEmpty() ? Sizes.STANDARD : chosen;
            case ACCUMULATE -> chosen.isEmpty() ? ARRAYS : wholeDoubles(chosen);
            case SEEN -> chosen.isEmpty() ? isShort ? LATENCY_SIZES : Sizes.STANDARD : chosen;
            case ALLREDUCE -> chosen.isEmpty() ? isShort ? WORD : WORD_AND_ARRAY : wholeDoubles(chosen);
            case PORT, PORT_CALL -> chosen.isEmpty() ? LATENCY_SIZES : portSizes(chosen);
            default -> List.of();
        };
    }

    private static List<Long> portSizes(List<Long> sizes) {
        return sizes.stream()
                .map(size -> Math.min(size, PortKernels.MOST))
                .distinct()
                .toList();
    }

    private static List<Long> wholeDoubles(List<Long> sizes) {
        return sizes.stream().map(size -> (size + 7) / 8 * 8).distinct().toList();
    }

    /// The words of all.
    static List<String> words() {
        return Arrays.stream(values()).map(Workload::word).toList();
    }
}
