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
/// completes or synchronises, is therefore looked at only now and then.
///
/// **Threads.** One at a time.
final class CallSites {
    private static final String INSIDE = "org.porthole.internal.";
    private static final String DEFAULT_METHODS = "org.porthole.Access";
    private static final int EXACT = 128;
    private static final int SKIPPED = 64;

    private record Place(String type, String method, int index) {}

    private final StackWalker walker = StackWalker.getInstance();
    private final Map<Place, String> names = new HashMap<>();
    private final Map<AccessKind, Streak> streaks = new EnumMap<>(AccessKind.class);

    private static final class Streak {
        private String site = "";
        private int length;
    }

    CallSites() {
        for (AccessKind kind : AccessKind.values()) {
            streaks.put(kind, new Streak());
        }
    }

    /// The line that called the runtime.
    String of(AccessKind kind) {
        Streak streak = streaks.get(kind);
        int length = ++streak.length;
        if (length > EXACT && length % SKIPPED != 0) {
            return streak.site;
        }
        String found = here();
        if (!found.equals(streak.site)) {
            streak.length = 0;
            streak.site = found;
        }
        return found;
    }

    /// The next operations are looked at again.
    void refresh() {
        streaks.values().forEach(streak -> streak.length = 0);
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
