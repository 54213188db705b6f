package org.porthole.internal.check;

import java.lang.StackWalker.StackFrame;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Where in the program an operation was called.
///
/// Walking the stack takes as long as many operations do. A long row of operations of one kind from one line, with nothing in between that
/// completes or synchronises, is therefore looked at only now and then, and the less often the longer it is.
///
/// **Threads.** One at a time.
final class CallSites {
    private static final String INSIDE = "org.porthole.internal.";
    private static final String DEFAULT_METHODS = "org.porthole.Access";
    private static final int EXACT = 128;
    private static final int SKIPPED = 64;
    private static final int MOST_SKIPPED = 1024;

    private record Place(String type, String method, int index) {}

    private final StackWalker walker = StackWalker.getInstance();
    private final Map<Place, String> names = new HashMap<>();
    private final Map<AccessKind, Streak> streaks = new EnumMap<>(AccessKind.class);

    private static final class Streak {
        private String site = "";
        /// How many of the next are looked at.
        private int exact = EXACT;
        /// How many more are not.
        private int unseen;
        /// How many will not be after the next that is.
        private int skipped = SKIPPED;

        void begin() {
            exact = EXACT;
            unseen = 0;
            skipped = SKIPPED;
        }
    }

    CallSites() {
        for (AccessKind kind : AccessKind.values()) {
            streaks.put(kind, new Streak());
        }
    }

    /// The line that called the runtime.
    String of(AccessKind kind) {
        Streak streak = streaks.get(kind);
        if (streak.unseen > 0) {
            streak.unseen--;
            return streak.site;
        }
        String found = here();
        if (!found.equals(streak.site)) {
            streak.begin();
            streak.site = found;
        } else if (streak.exact > 0) {
            streak.exact--;
        } else {
            streak.unseen = streak.skipped;
            streak.skipped = Math.min(MOST_SKIPPED, 2 * streak.skipped);
        }
        return found;
    }

    /// The next operations are looked at again.
    void refresh() {
        streaks.values().forEach(Streak::begin);
    }

    private String here() {
        return walker.walk(CallSites::firstOutside).map(this::name).orElse("an unknown place");
    }

    private static Optional<StackFrame> firstOutside(Stream<StackFrame> frames) {
        return frames.filter(CallSites::isOutside).findFirst();
    }

    private static boolean isOutside(StackFrame frame) {
        String type = frame.getClassName();
        return !type.startsWith(INSIDE) && !type.equals(DEFAULT_METHODS);
    }

    private String name(StackFrame frame) {
        Place place = new Place(frame.getClassName(), frame.getMethodName(), frame.getByteCodeIndex());
        return names.computeIfAbsent(place, any -> frame.toStackTraceElement().toString());
    }
}
