package org.porthole.internal.check;

import java.lang.System.Logger.Level;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.porthole.Operator;
import org.porthole.PortholeException;
import org.porthole.RaceException;
import org.porthole.Team;

/// What the ranks of a team do after each synchronisation of all of them: they tell each other how far they have come, send what they have done with
/// each part to its owner, and each compares what was done with its own.
///
/// Whatever was complete before is ordered before everything after, so that it need not be kept.
final class Meeting {
    private static final System.Logger LOG = System.getLogger(Findings.LOGGER);
    private static final int MOST_BYTES = 1 << 26;
    /// How much of what was done travels with the clocks.
    private static final int INLINE = 1024;

    private static final int TEXT_BYTES = 2048;

    private final RaceCheck check;
    private final Team team;
    private final int[] worldRanks;
    private boolean over;

    /// @param team       meets; not checked itself
    /// @param worldRanks the job's rank of each of the team's
    Meeting(RaceCheck check, Team team, int[] worldRanks) {
        this.check = check;
        this.team = team;
        this.worldRanks = worldRanks;
    }

    /// Collective. Where it fails the program's next collective fails too, and says why.
    ///
    /// @param windows those of the team, by number
    /// @throws RaceException on all ranks, if conflicts fail and one was found
    void meet(Map<Integer, CheckedWindow> windows) {
        if (over) {
            return;
        }
        try {
            synchronized (check) {
                exchange(windows);
            }
        } catch (RaceException e) {
            throw e;
        } catch (PortholeException | IllegalStateException e) {
            over = true;
            LOG.log(Level.DEBUG, "the ranks of a team compare no more", e);
        }
    }

    private void exchange(Map<Integer, CheckedWindow> windows) {
        check.clock.release();
        byte[][] batches = batches(windows);
        byte[][] received = new byte[batches.length][];
        int longest = meetClocks(batches, received);
        if (longest > 0) {
            compare(windows, longest > INLINE ? alltoall(batches, longest) : received);
        }
        windows.values().forEach(CheckedWindow::forgetDone);
        if (check.findings.isFailing() && longest > 0) {
            failTogether();
        }
    }

    private byte[][] batches(Map<Integer, CheckedWindow> windows) {
        byte[][] batches = new byte[worldRanks.length][];
        for (int target = 0; target < batches.length; target++) {
            AccessBatch batch = new AccessBatch();
            for (Map.Entry<Integer, CheckedWindow> window : windows.entrySet()) {
                batch.add(window.getKey(), window.getValue().accesses(target));
            }
            batches[target] = batch.toBytes();
            if (batches[target].length > MOST_BYTES / batches.length) {
                LOG.log(
                        Level.WARNING,
                        "too many accesses between two synchronisations to compare them: {0} bytes",
                        batches[target].length);
                batches[target] = new byte[0];
            }
        }
        return batches;
    }

    /// Hears the clocks of all, and short batches with them.
    ///
    /// @param received gets what each rank has sent, if all batches of all ranks are short
    /// @return the length of the longest batch of all ranks
    private int meetClocks(byte[][] batches, byte[][] received) {
        int size = check.clock.size();
        int longest =
                Arrays.stream(batches).mapToInt(batch -> batch.length).max().orElse(0);
        int block = size * Long.BYTES + 2 * Integer.BYTES + INLINE;
        ByteBuffer sent = ByteBuffer.allocate(block * batches.length);
        for (int target = 0; target < batches.length; target++) {
            sent.position(target * block);
            for (int i = 0; i < size; i++) {
                sent.putLong(check.clock.component(i));
            }
            sent.putInt(longest).putInt(batches[target].length);
            sent.put(batches[target], 0, Math.min(INLINE, batches[target].length));
        }
        ByteBuffer came = ByteBuffer.allocate(block * batches.length);
        team.alltoall(MemorySegment.ofArray(sent.array()), MemorySegment.ofArray(came.array()));
        int most = 0;
        for (int origin = 0; origin < received.length; origin++) {
            came.position(origin * block);
            for (int i = 0; i < size; i++) {
                check.clock.hear(i, came.getLong());
            }
            most = Math.max(most, came.getInt());
            received[origin] = new byte[Math.min(INLINE, came.getInt())];
            came.get(received[origin]);
        }
        return most;
    }

    private byte[][] alltoall(byte[][] batches, int longest) {
        int block = Integer.BYTES + longest;
        ByteBuffer sent = ByteBuffer.allocate(block * batches.length);
        for (int target = 0; target < batches.length; target++) {
            sent.position(target * block).putInt(batches[target].length).put(batches[target]);
        }
        byte[] came = new byte[block * batches.length];
        team.alltoall(MemorySegment.ofArray(sent.array()), MemorySegment.ofArray(came));
        byte[][] received = new byte[batches.length][];
        for (int origin = 0; origin < received.length; origin++) {
            int begin = origin * block + Integer.BYTES;
            int length = ByteBuffer.wrap(came).getInt(origin * block);
            received[origin] = Arrays.copyOfRange(came, begin, begin + length);
        }
        return received;
    }

    private void compare(Map<Integer, CheckedWindow> windows, byte[]... received) {
        List<Map<Integer, List<ReceivedSet>>> byOrigin = new ArrayList<>();
        for (byte[] batch : received) {
            byOrigin.add(AccessBatch.read(batch, check.clock.size()));
        }
        windows.forEach((number, window) -> {
            List<List<ReceivedSet>> sets = byOrigin.stream()
                    .map(batch -> batch.getOrDefault(number, List.of()))
                    .toList();
            new Comparison(window.name(), team.rank(), window.isBulk(), worldRanks, window.leases(), check.findings)
                    .compare(sets);
        });
    }

    private void failTogether() {
        List<String> found = check.findings.takeFresh();
        long first = team.allreduce(found.isEmpty() ? worldRanks.length : (long) team.rank(), Operator.MIN);
        if (first == worldRanks.length) {
            return;
        }
        byte[] text = new byte[TEXT_BYTES];
        MemorySegment shared = MemorySegment.ofArray(text);
        if (first == team.rank()) {
            byte[] whole = found.getFirst().getBytes(StandardCharsets.UTF_8);
            int length = Math.min(whole.length, TEXT_BYTES - Integer.BYTES);
            shared.set(ValueLayout.JAVA_INT_UNALIGNED, 0, length);
            System.arraycopy(whole, 0, text, Integer.BYTES, length);
        }
        team.broadcast((int) first, shared);
        RaceException race = new RaceException(
                new String(text, Integer.BYTES, shared.get(ValueLayout.JAVA_INT_UNALIGNED, 0), StandardCharsets.UTF_8));
        found.stream()
                .skip(first == team.rank() ? 1 : 0)
                .forEach(other -> race.addSuppressed(new RaceException(other)));
        throw race;
    }
}
