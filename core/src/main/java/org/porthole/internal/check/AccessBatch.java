package org.porthole.internal.check;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What one rank has done with the parts of another, as bytes that travel between ranks of one job. Used again and again.
final class AccessBatch {
    private static final int FEW_BYTES = 512;

    private final IdentityHashMap<long[], Integer> starts = new IdentityHashMap<>();
    private final Map<String, Integer> sites = new HashMap<>();
    private final List<long[]> startList = new ArrayList<>();
    private final List<String> siteList = new ArrayList<>();
    /// The bytes of each line of the program that has been named.
    private final Map<String, byte[]> names;

    private ByteBuffer bytes = ByteBuffer.allocate(FEW_BYTES);

    /// @param names those of the lines that have been named so far; grows
    AccessBatch(Map<String, byte[]> names) {
        this.names = names;
    }

    /// Begins anew.
    void clear() {
        bytes.clear();
    }

    /// Appends what was done in one window, which may be there already.
    ///
    /// @param window its number
    /// @param sets   what was done
    void add(int window, List<AccessSet> sets) {
        if (sets.isEmpty()) {
            return;
        }
        starts.clear();
        startList.clear();
        sites.clear();
        siteList.clear();
        for (AccessSet set : sets) {
            if (starts.putIfAbsent(set.start, startList.size()) == null) {
                startList.add(set.start);
            }
            if (sites.putIfAbsent(set.site, siteList.size()) == null) {
                siteList.add(set.site);
            }
        }
        putInt(window);
        putInt(startList.size());
        startList.forEach(this::putLongs);
        putInt(siteList.size());
        for (String site : siteList) {
            byte[] name = names.computeIfAbsent(site, text -> text.getBytes(StandardCharsets.UTF_8));
            putInt(name.length);
            room(name.length).put(name);
        }
        putInt(sets.size());
        for (AccessSet set : sets) {
            room(2).put((byte) set.operation.code).put((byte) (set.leased ? 1 : 0));
            putInt(starts.get(set.start));
            putInt(sites.get(set.site));
            room(Long.BYTES).putLong(set.done);
            long[] runs = set.bytes.toRuns();
            putInt(runs.length);
            putLongs(runs);
        }
    }

    private ByteBuffer room(int needed) {
        if (bytes.remaining() < needed) {
            byte[] more = Arrays.copyOf(bytes.array(), Math.max(2 * bytes.capacity(), bytes.position() + needed));
            bytes = ByteBuffer.wrap(more).position(bytes.position());
        }
        return bytes;
    }

    private void putInt(int value) {
        room(Integer.BYTES).putInt(value);
    }

    private void putLongs(long... values) {
        room(values.length * Long.BYTES);
        for (long value : values) {
            bytes.putLong(value);
        }
    }

    /// How many bytes there are.
    int length() {
        return bytes.position();
    }

    /// What the bytes are at the beginning of.
    byte[] array() {
        return bytes.array();
    }

    /// Reads what another rank has appended.
    ///
    /// @param ranks how many ranks the job has
    /// @return the sets of each window
    static Map<Integer, List<ReceivedSet>> read(byte[] batch, int ranks) {
        Map<Integer, List<ReceivedSet>> windows = new LinkedHashMap<>();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(batch))) {
            while (in.available() > 0) {
                windows.computeIfAbsent(in.readInt(), any -> new ArrayList<>()).addAll(readWindow(in, ranks));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return windows;
    }

    private static List<ReceivedSet> readWindow(DataInputStream in, int ranks) throws IOException {
        long[][] starts = new long[in.readInt()][];
        for (int i = 0; i < starts.length; i++) {
            starts[i] = readLongs(in, ranks);
        }
        String[] sites = new String[in.readInt()];
        for (int i = 0; i < sites.length; i++) {
            sites[i] = new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
        }
        List<ReceivedSet> sets = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            Operation operation = Operation.of(in.readByte() & 0xff);
            boolean leased = in.readBoolean();
            long[] start = starts[in.readInt()];
            String site = sites[in.readInt()];
            long done = in.readLong();
            sets.add(new ReceivedSet(operation, site, leased, start, done, readLongs(in, in.readInt())));
        }
        return sets;
    }

    private static long[] readLongs(DataInputStream in, int count) throws IOException {
        long[] read = new long[count];
        for (int i = 0; i < count; i++) {
            read[i] = in.readLong();
        }
        return read;
    }
}
