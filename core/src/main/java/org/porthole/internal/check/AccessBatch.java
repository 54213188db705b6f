package org.porthole.internal.check;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What one rank has done with the parts of another, as bytes that travel between ranks of one job.
final class AccessBatch {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    /// Appends what was done in one window.
    ///
    /// @param window its number
    /// @param sets   what was done
    void add(int window, List<AccessSet> sets) {
        if (sets.isEmpty()) {
            return;
        }
        IdentityHashMap<long[], Integer> starts = new IdentityHashMap<>();
        List<long[]> startList = new ArrayList<>();
        Map<String, Integer> sites = new LinkedHashMap<>();
        for (AccessSet set : sets) {
            if (starts.putIfAbsent(set.start, starts.size()) == null) {
                startList.add(set.start);
            }
            sites.putIfAbsent(set.site, sites.size());
        }
        try {
            out.writeInt(window);
            out.writeInt(startList.size());
            for (long[] start : startList) {
                for (long component : start) {
                    out.writeLong(component);
                }
            }
            out.writeInt(sites.size());
            for (String site : sites.keySet()) {
                out.writeUTF(site);
            }
            out.writeInt(sets.size());
            for (AccessSet set : sets) {
                write(set, starts.get(set.start), sites.get(set.site));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void write(AccessSet set, int start, int site) throws IOException {
        out.writeByte(set.operation.code);
        out.writeBoolean(set.leased);
        out.writeInt(start);
        out.writeInt(site);
        out.writeLong(set.done);
        long[] runs = set.bytes.toRuns();
        out.writeInt(runs.length);
        for (long each : runs) {
            out.writeLong(each);
        }
    }

    /// The bytes so far.
    byte[] toBytes() {
        return bytes.toByteArray();
    }

    /// Reads what another rank has appended.
    ///
    /// @param ranks how many ranks the job has
    /// @return the sets of each window
    static Map<Integer, List<ReceivedSet>> read(byte[] batch, int ranks) {
        Map<Integer, List<ReceivedSet>> windows = new LinkedHashMap<>();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(batch))) {
            while (in.available() > 0) {
                windows.put(in.readInt(), readWindow(in, ranks));
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
            sites[i] = in.readUTF();
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
