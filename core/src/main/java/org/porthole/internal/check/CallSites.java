package org.porthole.internal.check;

import java.lang.StackWalker.StackFrame;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Where in the program an operation was called.
///
/// Walking the stack takes as long as many operations do. Programs repeat themselves: what follows one line most often came from the same other line the
/// last time. Where that has held a number of times, it is taken for granted, and looked at only now and then, and the less often the longer it holds
/// without a synchronisation.
///
/// **Threads.** One at a time.
final class CallSites {
    private static final String INSIDE = "org.porthole.internal.";
    private static final String DEFAULT_METHODS = "org.porthole.Access";
    private static final int EXACT = 128;
    private static final int SKIPPED = 64;
    /// The same once ranks have synchronised, after which programs often go on elsewhere.
    private static final int FEW_SKIPPED = 3;
    private static final int MOST_SKIPPED = 1024;

    private record Frame(String type, String method, int index) {}

    private final StackWalker walker = StackWalker.getInstance();
    private final Map<Frame, Place> places = new HashMap<>();
    /// What comes before the first operation, and before the first one after something has completed.
    private final Place completion = new Place("an unknown place");
    private Place last = completion;
    /// Goes on with each synchronisation: what was seen before it says little about what comes after.
    private long generation = 1;

    /// A line of the program, and what it is followed by.
    private static final class Place {
        private final String name;
        private final Streak[] next = new Streak[Operation.count()];

        Place(String name) {
            this.name = name;
        }
    }

    /// An operation that follows a line.
    private static final class Streak {
        private Place place;
        private long generation;
        /// How many of the next are looked at.
        private int exact;
        /// How many more are not.
        private int unseen;
        /// How many will not be after the next that is.
        private int skipped;

        void begin(Place newPlace) {
            place = newPlace;
            exact = EXACT;
            unseen = 0;
            skipped = SKIPPED;
        }

        void synchronised(long newGeneration) {
            generation = newGeneration;
            unseen = Math.min(unseen, FEW_SKIPPED);
            skipped = FEW_SKIPPED;
        }
    }

    /// The line that called the runtime.
    String of(Operation operation) {
        Streak streak = last.next[operation.code];
        if (streak == null) {
            streak = new Streak();
            last.next[operation.code] = streak;
        }
        if (streak.generation != generation) {
            streak.synchronised(generation);
        }
        if (streak.unseen > 0) {
            streak.unseen--;
            last = streak.place;
            return last.name;
        }
        Place found = here();
        if (found != streak.place) {
            streak.begin(found);
        } else if (streak.exact > 0) {
            streak.exact--;
        } else {
            streak.unseen = streak.skipped;
            streak.skipped = Math.min(last == completion ? SKIPPED : MOST_SKIPPED, 2 * streak.skipped);
        }
        last = found;
        return found.name;
    }

    /// Something has completed, after which programs often go on elsewhere.
    void completed() {
        last = completion;
    }

    /// Ranks have synchronised: the next operations are looked at again.
    void refresh() {
        generation++;
        last = completion;
    }

    private Place here() {
        return walker.walk(CallSites::firstOutside).map(this::place).orElse(completion);
    }

    private static Optional<StackFrame> firstOutside(Stream<StackFrame> frames) {
        return frames.filter(CallSites::isOutside).findFirst();
    }

    private static boolean isOutside(StackFrame frame) {
        String type = frame.getClassName();
        return !type.startsWith(INSIDE) && !type.equals(DEFAULT_METHODS);
    }

    private Place place(StackFrame frame) {
        Frame key = new Frame(frame.getClassName(), frame.getMethodName(), frame.getByteCodeIndex());
        return places.computeIfAbsent(
                key, any -> new Place(frame.toStackTraceElement().toString()));
    }
}
