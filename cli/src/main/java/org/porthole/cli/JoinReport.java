package org.porthole.cli;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.porthole.Job;
import org.porthole.Joining;
import org.porthole.RouteChoice;
import org.porthole.cli.text.JsonWriter;

/// What a rank can say of its job after it has joined it: one line.
final class JoinReport {
    private static final double NANOS_PER_MILLI = 1e6;

    private final Job job;
    private final Joining joining;

    JoinReport(Job job) {
        this.job = job;
        joining = job.joining();
    }

    /// For people.
    String text() {
        StringJoiner routes = new StringJoiner(", ");
        transports().forEach((transport, count) -> routes.add(count + " by " + transport));
        return "rank %d of %d, process %d: %s; joined in %s: detection %s, launcher %s, transports %s, meeting %s, connecting %s; peers: %s"
                .formatted(
                        job.rank(),
                        job.size(),
                        ProcessHandle.current().pid(),
                        joining.method(),
                        text(joining.whole()),
                        text(joining.detection()),
                        text(joining.launcher()),
                        text(joining.transports()),
                        text(joining.meeting()),
                        text(joining.connecting()),
                        routes.length() == 0 ? "none" : routes);
    }

    /// For programs: one JSON object.
    String json() {
        JsonWriter json = new JsonWriter();
        json.beginObject();
        json.name("rank").value(job.rank());
        json.name("size").value(job.size());
        json.name("method").value(joining.method());
        json.name("whole").value(millis(joining.whole()));
        json.name("detection").value(millis(joining.detection()));
        json.name("launcher").value(millis(joining.launcher()));
        json.name("transports").value(millis(joining.transports()));
        json.name("meeting").value(millis(joining.meeting()));
        json.name("connecting").value(millis(joining.connecting()));
        json.name("routes").beginArray();
        job.routes().forEach(route -> json.value(route.transport()));
        return json.endArray().endObject().toString();
    }

    private Map<String, Integer> transports() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (RouteChoice route : job.routes()) {
            if (route.peer() != job.rank()) {
                counts.merge(route.transport(), 1, Integer::sum);
            }
        }
        return counts;
    }

    private static double millis(Duration time) {
        return time.toNanos() / NANOS_PER_MILLI;
    }

    private static String text(Duration time) {
        return String.format(Locale.ROOT, "%.1f ms", millis(time));
    }
}
