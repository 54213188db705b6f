package org.porthole.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads patterns of the Game of Life in RLE format: `x = 3, y = 3, rule = B3/S23`, then runs of dead (`b`) and live cells (`o`), ends of rows
/// (`$`), and `!` at the end. Lines that begin with `#` are remarks.
///
/// **Source.** LifeWiki, "Run Length Encoded".
final class RunLengths {
    private static final Pattern HEADER = Pattern.compile(
            "x\\s*=\\s*(\\d{1,6})\\s*,\\s*y\\s*=\\s*(\\d{1,6})\\s*(,\\s*rule\\s*=\\s*(b3/s23|23/3)\\s*)?",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern RUN = Pattern.compile("\\s*(\\d{0,6})\\s*([bo$!])");

    private RunLengths() {}

    /// Puts a pattern into the middle of a world.
    ///
    /// @param name what messages call the text
    /// @throws UsageException if the text is no such pattern, or the pattern does not fit
    static void read(BufferedReader reader, String name, Torus torus) throws IOException {
        String line = nextLine(reader, name);
        Matcher header = HEADER.matcher(line);
        if (!header.matches()) {
            throw new UsageException(
                    name + ": expected x = ..., y = ..., rule = B3/S23: \"" + Example.shown(line) + '"');
        }
        int columns = Integer.parseInt(header.group(1));
        int rows = Integer.parseInt(header.group(2));
        if (columns > torus.columns() || rows > torus.rows()) {
            throw new UsageException(name + ": a pattern of " + columns + " x " + rows + " cells does not fit into "
                    + torus.columns() + " x " + torus.rows());
        }
        StringBuilder runs = new StringBuilder();
        while (runs.indexOf("!") < 0) {
            runs.append(nextLine(reader, name));
        }
        place(runs, name, torus, columns, rows);
    }

    private static String nextLine(BufferedReader reader, String name) throws IOException {
        String line;
        do {
            line = reader.readLine();
            if (line == null) {
                throw new UsageException(name + ": damaged or cut off: \"!\" should follow");
            }
        } while (line.startsWith("#"));
        return line.strip();
    }

    private static void place(CharSequence runs, String name, Torus torus, int columns, int rows) {
        Matcher run = RUN.matcher(runs);
        int x = 0;
        int y = 0;
        while (run.lookingAt()) {
            int count = run.group(1).isEmpty() ? 1 : Integer.parseInt(run.group(1));
            switch (run.group(2)) {
                case "!" -> {
                    return;
                }
                case "$" -> {
                    x = 0;
                    y += count;
                }
                default -> {
                    if (x + count > columns || y >= rows) {
                        throw new UsageException(
                                name + ": row " + y + " leaves the " + columns + " x " + rows + " cells");
                    }
                    for (int i = 0; i < count && run.group(2).equals("o"); i++) {
                        torus.revive((torus.columns() - columns) / 2 + x + i, (torus.rows() - rows) / 2 + y);
                    }
                    x += count;
                }
            }
            run.region(run.end(), runs.length());
        }
        String rest = runs.subSequence(run.regionStart(), runs.length()).toString();
        throw new UsageException(name + ": expected b, o, $ or !: \"" + Example.shown(rest) + '"');
    }
}
