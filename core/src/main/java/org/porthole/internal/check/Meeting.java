package org.porthole.internal.check;

import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.porthole.Access;
import org.porthole.Operator;
import org.porthole.PeerFailedException;
import org.porthole.PortholeException;
import org.porthole.RaceException;
import org.porthole.Team;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// What the ranks of a team do around each synchronisation of all of them: before, each writes how far it has come and what it has done with each part
/// to the part's owner; afterwards each owner compares what was done with its own. So comparing takes no synchronisation more, unless much was done.
///
/// Whatever was complete before is ordered before everything after, so that it need not be kept.
///
/// A rank has two slots for each peer, used in turns, so that who is already at the next synchronisation disturbs nobody. A slot is: the number of the
/// synchronisation, the length of the sender's longest batch and of this one, the sender's clock, and the batch if it is short. Who has nothing new to
/// say writes nothing, so that an earlier number is there.
final class Meeting {
    private static final System.Logger LOG = System.getLogger(Findings.LOGGER);
    private static final int MOST_BYTES = 1 << 26;
    /// How much of what was done travels with the clocks.
    private static final int INLINE = 1024;

    private static final int LONGEST = Long.BYTES;
    private static final int LENGTH = LONGEST + Integer.BYTES;
    private static final int CLOCK = LENGTH + Integer.BYTES;
    private static final int TEXT_BYTES = 2048;
    private static final byte[] NOTHING = {};

    private final RaceCheck check;
    private final Team team;
    private final int[] worldRanks;
    private final int header;
    private final long slot;
    private final Access slots;
    private final MemorySegment sent;
    private final MemorySegment came;
    private final AccessBatch[] batches;
    private final byte[][] received;
    private final List<AccessSet> taken = new ArrayList<>();
    private long round = 1;
    /// The synchronisation that was announced last: it is announced again if it was refused before all had met.
    private long announced;

    private int ownLongest;
    /// This rank's own time that the others know of, and what it had heard when they last met.
    private long toldTime;

    private long heardThen = -1;
    private boolean over;

    /// Collective.
    ///
    /// @param team       meets; not checked itself
    /// @param worldRanks the job's rank of each of the team's
    Meeting(RaceCheck check, Team team, int[] worldRanks) {
        this.check = check;
        this.team = team;
        this.worldRanks = worldRanks;
        header = CLOCK + check.clock.size() * Long.BYTES;
        slot = (long) header + INLINE;
        Window window = team.openWindow(
                WindowSpec.ofBytes(2L * worldRanks.length * slot).named("porthole-check-meeting"));
        slots = lockAll(window);
        sent = Arena.ofAuto().allocate(slot, Long.BYTES);
        came = Arena.ofAuto().allocate(slot, Long.BYTES);
        Map<String, byte[]> names = new HashMap<>();
        batches = new AccessBatch[worldRanks.length];
        Arrays.setAll(batches, target -> new AccessBatch(names));
        received = new byte[worldRanks.length][];
    }

    /// Null if a rank is gone already: then its team is about to end.
    private Access lockAll(Window window) {
        try {
            return window.lockAll();
        } catch (PeerFailedException e) {
            giveUp(e);
            return null;
        }
    }

    private void giveUp(RuntimeException cause) {
        over = true;
        LOG.log(Level.DEBUG, "the ranks of a team compare no more", cause);
    }

    /// Tells the others, who will read it once all have synchronised. What fails here makes the program's own collective fail too.
    ///
    /// @param windows those of the team, by number
    void announce(Map<Integer, CheckedWindow> windows) {
        if (over) {
            return;
        }
        try {
            synchronized (check) {
                check.clock.release();
                ownLongest = fill(windows);
                if (ownLongest > 0 || check.clock.time() != toldTime || check.clock.heard() != heardThen) {
                    tell();
                }
            }
        } catch (PortholeException | IllegalStateException e) {
            giveUp(e);
        }
    }

    /// Takes down in bytes what was done with each part, behind what was announced for the same synchronisation.
    ///
    /// @return the length of the longest batch
    private int fill(Map<Integer, CheckedWindow> windows) {
        int longest = 0;
        for (int target = 0; target < batches.length; target++) {
            AccessBatch batch = batches[target];
            if (announced != round) {
                batch.clear();
            }
            for (Map.Entry<Integer, CheckedWindow> window : windows.entrySet()) {
                taken.clear();
                window.getValue().take(target, taken);
                batch.add(window.getKey(), taken);
            }
            if (batch.length() > MOST_BYTES / batches.length) {
                LOG.log(
                        Level.WARNING,
                        "too many accesses between two synchronisations to compare them: {0} bytes",
                        batch.length());
                batch.clear();
            }
            longest = Math.max(longest, batch.length());
        }
        announced = round;
        return longest;
    }

    private void tell() {
        toldTime = check.clock.time();
        sent.set(ValueLayout.JAVA_LONG, 0, round);
        sent.set(ValueLayout.JAVA_INT, LONGEST, ownLongest);
        for (int i = 0; i < check.clock.size(); i++) {
            sent.set(ValueLayout.JAVA_LONG, CLOCK + i * Long.BYTES, check.clock.component(i));
        }
        for (int target = 0; target < batches.length; target++) {
            if (target == team.rank()) {
                continue;
            }
            int length = batches[target].length();
            int along = length <= INLINE ? length : 0;
            sent.set(ValueLayout.JAVA_INT, LENGTH, length);
            MemorySegment.copy(batches[target].array(), 0, sent, ValueLayout.JAVA_BYTE, header, along);
            slots.put(target, place(team.rank()), sent.asSlice(0, header + along));
            slots.flushLocal(target); // it is written again for the next
        }
        for (int target = 0; target < batches.length; target++) {
            if (target != team.rank()) {
                slots.flush(target);
            }
        }
    }

    private long place(int origin) {
        return (2L * origin + (round & 1)) * slot;
    }

    /// All have synchronised.
    ///
    /// @param windows those of the team, by number
    /// @throws RaceException on all ranks, if conflicts fail and one was found
    void meet(Map<Integer, CheckedWindow> windows) {
        if (over) {
            return;
        }
        try {
            synchronized (check) {
                hear(windows);
            }
        } catch (RaceException e) {
            throw e;
        } catch (PortholeException | IllegalStateException e) {
            giveUp(e);
        }
    }

    private void hear(Map<Integer, CheckedWindow> windows) {
        int longest = collect();
        round++;
        if (longest > 0) {
            if (longest > INLINE) {
                alltoall(longest);
            }
            compare(windows);
        }
        windows.values().forEach(CheckedWindow::compared);
        if (check.findings.isFailing() && longest > 0) {
            failTogether();
        }
    }

    /// Hears the clocks of all, and short batches with them.
    ///
    /// @return the length of the longest batch of all ranks
    private int collect() {
        int most = ownLongest;
        for (int origin = 0; origin < received.length; origin++) {
            received[origin] = NOTHING;
            if (origin == team.rank() || !isNew(origin)) {
                continue;
            }
            for (int i = 0; i < check.clock.size(); i++) {
                check.clock.hear(i, came.get(ValueLayout.JAVA_LONG, CLOCK + i * Long.BYTES));
            }
            most = Math.max(most, came.get(ValueLayout.JAVA_INT, LONGEST));
            received[origin] = shortBatch(origin, came.get(ValueLayout.JAVA_INT, LENGTH));
        }
        received[team.rank()] = Arrays.copyOf(batches[team.rank()].array(), batches[team.rank()].length());
        heardThen = check.clock.heard();
        return most;
    }

    /// Fetches the head of what a rank has written.
    ///
    /// @return false if it had nothing to say
    private boolean isNew(int origin) {
        slots.get(team.rank(), place(origin), came.asSlice(0, header));
        slots.flushLocal(team.rank());
        long written = came.get(ValueLayout.JAVA_LONG, 0);
        if (written > round) {
            throw new IllegalStateException(
                    "rank " + origin + " is at synchronisation " + written + ", this one at " + round);
        }
        return written == round;
    }

    private byte[] shortBatch(int origin, int length) {
        if (length == 0 || length > INLINE) {
            return NOTHING;
        }
        slots.get(team.rank(), place(origin) + header, came.asSlice(0, length));
        slots.flushLocal(team.rank());
        byte[] batch = new byte[length];
        MemorySegment.copy(came, ValueLayout.JAVA_BYTE, 0, batch, 0, length);
        return batch;
    }

    private void alltoall(int longest) {
        int block = Integer.BYTES + longest;
        ByteBuffer mine = ByteBuffer.allocate(block * batches.length);
        for (int target = 0; target < batches.length; target++) {
            int length = batches[target].length();
            mine.position(target * block).putInt(length).put(batches[target].array(), 0, length);
        }
        byte[] theirs = new byte[block * batches.length];
        team.alltoall(MemorySegment.ofArray(mine.array()), MemorySegment.ofArray(theirs));
        for (int origin = 0; origin < received.length; origin++) {
            int begin = origin * block + Integer.BYTES;
            int length = ByteBuffer.wrap(theirs).getInt(origin * block);
            received[origin] = Arrays.copyOfRange(theirs, begin, begin + length);
        }
    }

    private void compare(Map<Integer, CheckedWindow> windows) {
        if (Arrays.stream(received).filter(batch -> batch.length > 0).count() < 2) {
            return; // what one origin has done was looked at when it was done
        }
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
