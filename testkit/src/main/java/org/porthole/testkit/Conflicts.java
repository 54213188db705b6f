package org.porthole.testkit;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// The conflicts that `porthole.check=races` reports in this JVM while this object is open, instead of in the log.
public final class Conflicts implements AutoCloseable {
    private final List<String> reported = new CopyOnWriteArrayList<>();
    private final Logger logger = Logger.getLogger("org.porthole.check");
    private final boolean logged = logger.getUseParentHandlers();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            reported.add(line.getMessage());
        }

        @Override
        public void flush() {
            // nothing is kept back
        }

        @Override
        public void close() {
            // nothing is open
        }
    };

    /// Begins to listen.
    public Conflicts() {
        logger.addHandler(handler);
        logger.setUseParentHandlers(false);
    }

    /// What was reported so far.
    ///
    /// @return one line for each conflict
    public List<String> reported() {
        return List.copyOf(reported);
    }

    @Override
    public void close() {
        logger.removeHandler(handler);
        logger.setUseParentHandlers(logged);
    }
}
