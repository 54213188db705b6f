package org.porthole.examples;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.porthole.Access;
import org.porthole.ExposurePolicy;
import org.porthole.Job;
import org.porthole.Window;
import org.porthole.WindowSpec;
import org.porthole.port.Message;
import org.porthole.port.Port;
import org.porthole.port.PortSpec;
import org.porthole.port.SendRight;

/// A store of keys and values over all ranks, as FaRM and HERD are built: requests go to a port, values are fetched from a window.
///
/// A key belongs to the rank that its hash names. Who wants to store a value asks that rank's agent for a place, and puts it there; who wants
/// to read asks once where it is, and from then on gets it without anybody's help.
///
/// **Ports.** One per rank, with an agent that takes no thread.  **Windows.** The values.
///
/// **Source.** Dragojević et al., FaRM: Fast Remote Memory (NSDI 2014); Kalia et al., Using RDMA Efficiently for Key-Value Services (SIGCOMM 2014).
///
/// ```
/// porthole run -n 4 kvstore --keys 10000
/// ```
public final class KeyValueStore {
    private static final String USAGE = """
            kvstore [options]: stores values under keys all over the ranks, and reads them
              --keys N   how many keys each rank stores (default 10000)
            """;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int VALUE = 64;
    private static final int ABSENT = 1;

    private KeyValueStore() {}

    /// Joins the job and runs.
    ///
    /// @param args see the class
    public static void main(String[] args) {
        Example.start(USAGE, args, (job, arguments) -> run(job, arguments.integer("--keys", 10_000, 1, 1_000_000)));
    }

    /// What a rank's agent knows: where the values of its keys lie.
    private static final class Directory {
        private final Map<Long, Long> places = new HashMap<>();

        /// Answers with a key's place, and makes one if the message has a second number.
        synchronized int find(Message message) {
            long key = message.getLong(0);
            Long place = places.get(key);
            if (place == null && message.length() > Long.BYTES) {
                place = (long) places.size() * VALUE;
                places.put(key, place);
            }
            message.setLong(0, place == null ? -1 : place);
            return place == null ? ABSENT : 0;
        }
    }

    @SuppressWarnings("try") // the port only has to be open
    static Result run(Job job, int keys) {
        int size = job.size();
        Directory directory = new Directory();
        // Keys are spread evenly: key k is rank k mod size's.
        WindowSpec values =
                WindowSpec.ofBytes((long) (keys + 1) * VALUE).named("values").withPolicy(ExposurePolicy.NEVER_TOUCH);
        SendRight[] owners = new SendRight[size];
        long wrong = 0;
        double seconds;
        try (Port port = job.openPort(PortSpec.inline(directory::find).named("directory"));
                Window window = job.world().openWindow(values);
                Access access = window.lockAll()) {
            for (int rank = 0; rank < size; rank++) {
                owners[rank] = job.lookup(rank, "directory", PATIENCE);
            }
            Message message = job.newMessage();
            long[] value = new long[VALUE / Long.BYTES];
            MemorySegment bytes = MemorySegment.ofArray(value);
            for (int i = 0; i < keys; i++) {
                long key = (long) i * size + (job.rank() + i) % size;
                int owner = (int) (key % size);
                owners[owner].call(message.clear().setLong(0, key).setLong(8, VALUE));
                value[0] = key;
                value[value.length - 1] = ~key;
                access.put(owner, message.getLong(0), bytes);
                access.flushLocal(owner);
            }
            access.flushAll();
            job.world().barrier();
            long startNs = System.nanoTime();
            SplittableRandom random = new SplittableRandom(job.rank());
            for (int i = 0; i < keys; i++) {
                long key = random.nextLong((long) keys * size);
                int owner = (int) (key % size);
                owners[owner].call(message.clear().setLong(0, key));
                access.get(owner, message.getLong(0), bytes);
                access.flush(owner);
                if (value[0] != key || value[value.length - 1] != ~key) {
                    wrong++;
                }
            }
            seconds = Example.secondsSince(startNs);
            wrong += owners[0].call(message.clear().setLong(0, (long) keys * size)) == ABSENT ? 0 : 1;
            job.world().barrier();
            for (SendRight each : owners) {
                each.close();
            }
        }
        Example.verify(job, wrong == 0, wrong + " values are not those that were stored");
        return new Result(size, keys, seconds);
    }

    /// What is printed at the end.
    ///
    /// @param ranks   how many ranks took part
    /// @param keys    how many keys each stored and read
    /// @param seconds how long it read
    record Result(int ranks, int keys, double seconds) {
        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%s, %d keys each: %.2f us to find and read a value",
                    Example.ranks(ranks),
                    keys,
                    seconds / keys * 1e6);
        }
    }
}
