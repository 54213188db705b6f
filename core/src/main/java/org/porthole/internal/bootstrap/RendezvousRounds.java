package org.porthole.internal.bootstrap;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.porthole.config.CoreOptions;

/// Who has come to the rendezvous, what each has brought to the round under way, and why nobody can join any more. No input or output.
///
/// **Threads.** One.
final class RendezvousRounds {
    private final int size;
    private final byte[][] instances;
    private final boolean[] left;
    private final boolean[] joined;
    private byte[][] parts;
    private int collected;
    private int stayed;
    private long deadlineAt = Long.MAX_VALUE;
    private long deadlineNs;
    private String failure = "";

    RendezvousRounds(int size) {
        this.size = size;
        instances = new byte[size][];
        left = new boolean[size];
        joined = new boolean[size];
        parts = new byte[size][];
    }

    /// Lets a rank in.
    ///
    /// @param instance tells its process from others
    /// @return why it cannot be let in, which is then everybody's failure; empty if it is
    String enter(int rank, int theirSize, byte[] instance) {
        if (theirSize != size) {
            return fail("rank " + rank + " says that the job has " + theirSize
                    + " ranks, the rendezvous was opened for " + size);
        }
        if (rank < 0 || rank >= size) {
            return fail("there is no rank " + rank + " in a job of " + size);
        }
        if (isComplete()) {
            return "all " + size + " ranks have joined, rank " + rank + " among them";
        }
        if (instances[rank] != null && !Arrays.equals(instances[rank], instance)) {
            return fail("two processes say that they are rank " + rank);
        }
        instances[rank] = instance.clone();
        left[rank] = false;
        return "";
    }

    /// Whether a rank has ever come.
    boolean hasEntered(int rank) {
        return instances[rank] != null;
    }

    /// How many have come.
    int entered() {
        return (int) Arrays.stream(instances).filter(Objects::nonNull).count();
    }

    /// Takes a rank's part.
    ///
    /// @param deadline in all, for the message
    /// @param leftNs   what is left of it
    /// @param now      the time
    void bring(int rank, byte[] part, long deadline, long leftNs, long now) {
        collected += parts[rank] == null ? 1 : 0;
        parts[rank] = part;
        if (leftNs < deadlineAt - now) {
            deadlineAt = now + leftNs;
            deadlineNs = deadline;
        }
        failIfLeft();
    }

    /// Whether every rank has brought its part.
    boolean isFull() {
        return collected == size && failure.isEmpty();
    }

    /// Ends a full round.
    ///
    /// @return the answer to all: good news, and all parts in the order of ranks
    ByteBuffer finish() {
        int bytes = Arrays.stream(parts)
                .mapToInt(part -> Integer.BYTES + part.length)
                .sum();
        ByteBuffer answer = ByteBuffer.allocateDirect(1 + bytes).put(RendezvousWire.OK);
        for (byte[] part : parts) {
            answer.putInt(part.length).put(part);
        }
        parts = new byte[size][];
        collected = 0;
        deadlineAt = Long.MAX_VALUE;
        failIfLeft();
        return answer.flip();
    }

    /// A rank needs no more rounds.
    void stay(int rank) {
        stayed += joined[rank] ? 0 : 1;
        joined[rank] = true;
    }

    /// Whether no rank needs any more rounds.
    boolean isComplete() {
        return stayed == size;
    }

    /// A rank's connection has ended: an error if a round is under way or to come, which the others then wait for in vain.
    void leave(int rank) {
        left[rank] = true;
        failIfLeft();
    }

    private void failIfLeft() {
        if (collected > 0) {
            IntStream.range(0, size)
                    .filter(rank -> left[rank] && !joined[rank] && parts[rank] == null)
                    .findFirst()
                    .ifPresent(rank -> fail("rank " + rank + " ended while the others were joining"));
        }
    }

    /// When the round under way has to be full; [Long#MAX_VALUE] if none is.
    long deadlineAt() {
        return collected == 0 ? Long.MAX_VALUE : deadlineAt;
    }

    /// The round has not become full in time.
    void expire() {
        StringJoiner missing = new StringJoiner(", ", size - collected == 1 ? "rank " : "ranks ", "");
        for (int rank = 0; rank < size; rank++) {
            if (parts[rank] == null) {
                missing.add(Integer.toString(rank));
            }
        }
        fail(missing + " did not join within " + TimeUnit.NANOSECONDS.toSeconds(deadlineNs) + " s ("
                + CoreOptions.JOIN_DEADLINE.key() + ")");
    }

    /// Nobody can join any more. The first reason counts.
    ///
    /// @return the reason given
    String fail(String reason) {
        if (failure.isEmpty()) {
            failure = reason;
        }
        return reason;
    }

    /// Why nobody can join; empty if all can.
    String failure() {
        return failure;
    }
}
