package org.porthole.internal.bootstrap;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.porthole.JoinException;

/// A process that a PMI-1 server has started: requests and answers are lines of `key=value` words.
///
/// **Source.** "PMI: A Scalable Parallel Process-Management Interface for Extreme-Scale Systems" (EuroMPI 2010), and MPICH's
/// src/pmi/src/pmi_v1.c; the order of the words differs between servers.
final class PmiClient implements LauncherExchange {
    private static final int LONGEST_LINE = 4096;

    private final PmiLine line;
    private final byte[] chunk = new byte[1024];
    private int chunkAt;
    private int chunkEnd;
    private int rank;
    private int size;
    private int localRanks = -1;
    private String space = "";

    private PmiClient(PmiLine line) {
        this.line = line;
    }

    /// Goes on with a socket that was handed down.
    static PmiClient adopt(PmiLine line, int rank, int size) {
        PmiClient client = new PmiClient(line);
        client.rank = rank;
        client.size = size;
        client.greet();
        return client;
    }

    /// Says which process this is on a fresh connection, and is told rank and size.
    static PmiClient connect(PmiLine line, int id) {
        PmiClient client = new PmiClient(line);
        client.ask("cmd=initack pmiid=" + id, "initack");
        for (int known = 0; known < 2; ) {
            Map<String, String> told = client.receive();
            if (told.containsKey("size")) {
                client.size = client.number(told, "size");
                known++;
            } else if (told.containsKey("rank")) {
                client.rank = client.number(told, "rank");
                known++;
            }
        }
        client.greet();
        return client;
    }

    private void greet() {
        Map<String, String> answer = ask("cmd=init pmi_version=1 pmi_subversion=1", "response_to_init");
        if (!answer.getOrDefault("rc", "0").equals("0")) {
            throw failure("it does not speak version 1.1 of PMI", null);
        }
        space = word(ask("cmd=get_my_kvsname", "my_kvsname"), "kvsname");
    }

    /// How many ranks run on this host; -1 if that is not known.
    void localRanks(int count) {
        localRanks = count;
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public boolean isOneHost() {
        return localRanks == size;
    }

    private static String key(int rank) {
        return "porthole-" + rank;
    }

    @Override
    public void publish(String word) {
        if (word.length() > MAX_CHARS || word.indexOf(' ') >= 0) {
            throw new IllegalArgumentException(word.length() + " characters, at most " + MAX_CHARS + " without spaces");
        }
        Map<String, String> answer =
                ask("cmd=put kvsname=" + space + " key=" + key(rank) + " value=" + word, "put_result");
        if (!answer.getOrDefault("rc", "0").equals("0")) {
            throw failure(
                    "it does not keep what this rank publishes: " + answer.getOrDefault("msg", "no reason"), null);
        }
    }

    @Override
    public void fence() {
        ask("cmd=barrier_in", "barrier_out");
    }

    @Override
    public String read(int rank) {
        Map<String, String> answer = ask("cmd=get kvsname=" + space + " key=" + key(rank), "get_result");
        if (!answer.getOrDefault("rc", "0").equals("0")) {
            throw failure("it has nothing of rank " + rank, null);
        }
        return word(answer, "value");
    }

    @Override
    public void close() {
        try (line) {
            ask("cmd=finalize", "finalize_ack");
        } catch (IOException e) {
            throw failure("cannot close the connection", e);
        }
    }

    private Map<String, String> ask(String request, String answer) {
        try {
            line.write((request + '\n').getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw failure("the connection has ended", e);
        }
        Map<String, String> words = receive();
        while (words.getOrDefault("cmd", "").equals("set")) {
            // More about this process than it wants to know.
            words = receive();
        }
        String command = words.getOrDefault("cmd", "");
        if (!command.equals(answer)) {
            throw failure("it answered " + command + " instead of " + answer, null);
        }
        return words;
    }

    private Map<String, String> receive() {
        Map<String, String> words = new TreeMap<>();
        for (String word : receiveLine().split(" ", -1)) {
            int end = word.indexOf('=');
            if (end > 0) {
                words.put(word.substring(0, end), word.substring(end + 1));
            }
        }
        return words;
    }

    private String receiveLine() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            for (int b = next(); b != '\n'; b = next()) {
                bytes.write(b);
                if (bytes.size() > LONGEST_LINE) {
                    throw failure("a line has no end", null);
                }
            }
        } catch (SocketTimeoutException e) {
            throw failure("no answer in time: a rank has not started, or takes another way", e);
        } catch (IOException e) {
            throw failure("the connection has ended", e);
        }
        return bytes.toString(StandardCharsets.US_ASCII);
    }

    private int next() throws IOException {
        if (chunkAt == chunkEnd) {
            chunkAt = 0;
            chunkEnd = line.read(chunk);
            if (chunkEnd <= 0) {
                chunkEnd = 0;
                throw new IOException("the launcher has closed it");
            }
        }
        return chunk[chunkAt++];
    }

    private String word(Map<String, String> words, String key) {
        String word = words.get(key);
        if (word == null) {
            throw failure("an answer lacks " + key, null);
        }
        return word;
    }

    private int number(Map<String, String> words, String key) {
        try {
            return Integer.parseInt(word(words, key));
        } catch (NumberFormatException e) {
            throw failure(key + " is no number", e);
        }
    }

    private JoinException failure(String what, Exception cause) {
        return new JoinException(
                "the launcher's PMI: " + what + (cause == null ? "" : ": " + cause.getMessage()), cause);
    }
}
