package org.porthole.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;
import org.porthole.Epoch;
import org.porthole.Job;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// Splits a text, which rank 0 has, over the ranks.
final class TextParts {
    private TextParts() {}

    /// Collective. Gets this rank's part from a window at rank 0. Parts end where words end.
    static String take(Job job, Optional<String> text) {
        int rank = job.rank();
        long[] cuts = new long[job.size() + 1];
        text.ifPresent(it -> Arrays.setAll(cuts, i -> {
            int cut = (int) new Blocks(it.length(), job.size()).first(i);
            while (cut < it.length() && Character.isLetterOrDigit(it.charAt(cut))) {
                cut++;
            }
            return i == 0 ? 0 : cut;
        }));
        job.world().broadcast(0, MemorySegment.ofArray(cuts));
        byte[] part = new byte[(int) (cuts[rank + 1] - cuts[rank])];
        long bytes = rank == 0 ? cuts[job.size()] : 0;
        try (Window window = job.world().openWindow(WindowSpec.ofBytes(bytes).named("text"))) {
            text.ifPresent(it -> window.local().copyFrom(MemorySegment.ofArray(it.getBytes(ISO_8859_1))));
            try (Epoch epoch = window.fence()) {
                epoch.get(0, cuts[rank], MemorySegment.ofArray(part));
            }
        }
        return new String(part, ISO_8859_1);
    }
}
