package org.porthole.transport.rdma;

/// What became of a work request, in words.
///
/// **Source.** InfiniBand Architecture 1.4, 11.6.2 (completion return status); the numbers are those of `enum ibv_wc_status`, which DiSNI's
/// `IbvWcStatus` repeats.
final class RdmaStatus {
    static final int SUCCESS = 0;
    static final int FLUSHED = 5;
    static final int REMOTE_INVALID_REQUEST = 9;
    static final int REMOTE_ACCESS = 10;
    static final int REMOTE_OPERATION = 11;

    private static final String[] WORDS = {
        "success",
        "a message is longer than what it may be (local length error)",
        "the queue pair was misused (local queue pair operation error)",
        "the end-to-end context was misused (local EE context operation error)",
        "own memory is not registered for it (local protection error)",
        "the queue pair was in error before it was begun (work request flushed)",
        "a memory window could not be bound",
        "an answer that nobody understands came back (bad response)",
        "own memory is protected against it (local access error)",
        "the other adapter does not accept the request (remote invalid request)",
        "the other adapter does not allow the access (remote access error)",
        "the other adapter could not carry it out (remote operation error)",
        "the other adapter has not acknowledged it, however often it was sent (transport retry counter exceeded)",
        "the other side has not let it in, however often it was tried (receiver-not-ready retry counter exceeded)",
        "another reliable datagram domain (local RDD violation)",
        "another reliable datagram domain there (remote invalid RD request)",
        "it was given up (operation aborted)",
        "there is no such end-to-end context (invalid EE context number)",
        "the end-to-end context is in a wrong state",
        "the device has failed (fatal error)",
        "no answer came in time (response timeout)",
        "the device tells no more than that it failed (general error)"
    };

    private RdmaStatus() {}

    static String words(int status) {
        return status >= 0 && status < WORDS.length ? WORDS[status] : "verbs status " + status;
    }

    /// Whether the other side's adapter has refused the work, and carried out none of what came after it.
    static boolean isRefusal(int status) {
        return status == REMOTE_INVALID_REQUEST || status == REMOTE_ACCESS || status == REMOTE_OPERATION;
    }
}
