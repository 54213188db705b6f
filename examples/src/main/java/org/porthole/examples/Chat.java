package org.porthole.examples;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.porthole.Job;
import org.porthole.port.Message;
import org.porthole.port.MessageKind;
import org.porthole.port.Port;
import org.porthole.port.PortSpec;
import org.porthole.port.SendRight;

/// A room in which all ranks talk: names that appear, rights that are handed over, and dead names.
///
/// Rank 0 publishes the room. The others find it by its name alone, bring it a right to their own port, and say something; the room sends
/// each line to everybody. Who has said all closes his port, and the room hears of that as of any end: by a dead name.
///
/// **Ports.** One queue per rank, and the room's.
///
/// ```
/// porthole run -n 4 chat --lines 3
/// ```
public final class Chat {
    private static final String USAGE = """
            chat [options]: every rank talks to all others
              --lines N   how much each has to say (default 3)
            """;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private Chat() {}

    /// Joins the job and runs.
    ///
    /// @param args see the class
    public static void main(String[] args) {
        Example.start(USAGE, args, (job, arguments) -> run(job, arguments.integer("--lines", 3, 1, 1_000_000)));
    }

    static Result run(Job job, int lines) {
        long carried;
        if (job.rank() == 0) {
            carried = host(job);
        } else {
            carried = talk(job, lines);
        }
        int guests = job.size() - 1;
        long expected = (long) guests * lines;
        Example.verify(job, carried == expected, carried + " lines were heard, and " + expected + " said");
        return new Result(guests, carried);
    }

    /// Keeps the room until everybody who came has gone.
    private static long host(Job job) {
        List<SendRight> guests = new ArrayList<>();
        long lines = 0;
        try (Port room = job.openPort(PortSpec.queue())) {
            room.publish("room");
            int gone = 0;
            while (gone < job.size() - 1) {
                try (Message message = room.receive()) {
                    if (message.kind() == MessageKind.DEAD_NAME) {
                        gone++;
                    } else if (message.rights() > 0) {
                        SendRight guest = message.right(0);
                        guest.notifyDead(room, message.sender());
                        guests.add(guest);
                        if (guests.size() == job.size() - 1) {
                            spread(job, guests, "all are here");
                        }
                    } else {
                        lines++;
                        spread(job, guests, message.text());
                    }
                }
            }
        }
        guests.forEach(SendRight::close);
        return lines;
    }

    private static void spread(Job job, List<SendRight> guests, String line) {
        Message message = job.newMessage().setText(line);
        for (SendRight guest : guests) {
            guest.send(message);
        }
    }

    /// Comes in, says its lines, and leaves when it has heard all.
    private static long talk(Job job, int lines) {
        long heard = 0;
        try (Port mine = job.openPort(PortSpec.queue().withLimit(1 << 20, 1 << 26));
                SendRight room = job.lookup("room", PATIENCE)) {
            Message message = job.newMessage();
            try (SendRight right = mine.right()) {
                room.send(message.add(right));
            }
            mine.receive().close();
            message.clear();
            for (int line = 0; line < lines; line++) {
                room.send(message.setText("rank " + job.rank() + " says line " + line));
            }
            for (; heard < (long) lines * (job.size() - 1); heard++) {
                mine.receive().close();
            }
        }
        return heard;
    }

    /// What is printed at the end.
    ///
    /// @param guests how many talked
    /// @param lines  how many lines were said
    record Result(int guests, long lines) {
        @Override
        public String toString() {
            return guests + (guests == 1 ? " guest, " : " guests, ") + lines + " lines, heard by all";
        }
    }
}
