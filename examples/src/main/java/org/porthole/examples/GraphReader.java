package org.porthole.examples;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.StringTokenizer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads a graph from text, plain or compressed by gzip, in one of two formats:
/// * an edge list: lines of two vertex numbers from 0 on, `from to`. Lines that begin with `#` or `%` are remarks; of these, `# Vertices: N`
///   and `# Edges: M` are believed, and checked;
/// * [MatrixMarket]; values are ignored.
final class GraphReader {
    private static final int MOST = Integer.MAX_VALUE - 16; // elements of an array
    private static final Pattern PROMISE = Pattern.compile("#\\s*(Vertices|Edges):\\s*(\\d{1,18})");

    private final GraphLines lines;
    private int[] from = new int[1024];
    private int[] to = new int[1024];
    private int count;
    private int vertices;

    private GraphReader(GraphLines lines) {
        this.lines = lines;
    }

    /// Reads a graph.
    ///
    /// @param stream the text; closed afterwards
    /// @param name   what messages call it
    /// @throws UsageException if it cannot be read, with the line and its text
    static Graph read(InputStream stream, String name) {
        GraphLines lines = new GraphLines(name, stream);
        try (stream) {
            return new GraphReader(lines).read();
        } catch (IOException e) {
            throw lines.cutOff(Example.reason(e));
        }
    }

    private Graph read() throws IOException {
        if (!lines.next()) {
            throw lines.cutOff("it is empty");
        }
        if (lines.line().startsWith("%%MatrixMarket")) {
            vertices = MatrixMarket.read(lines, (row, column, value) -> add(row, column));
        } else {
            readEdges();
        }
        if (vertices == 0) {
            throw lines.cutOff("there is no vertex in it");
        }
        return Graph.of(vertices, from, to, count);
    }

    private void readEdges() throws IOException {
        long promisedVertices = MOST;
        long promisedEdges = -1;
        do {
            if (!lines.isRemark()) {
                StringTokenizer words = lines.words(2, "two vertex numbers");
                add(lines.number(words, 0, promisedVertices - 1), lines.number(words, 0, promisedVertices - 1));
                continue;
            }
            Matcher promise = PROMISE.matcher(lines.line());
            if (promise.matches() && promise.group(1).equals("Edges")) {
                promisedEdges = Long.parseLong(promise.group(2));
            } else if (promise.matches()) {
                promisedVertices = Long.parseLong(promise.group(2));
                if (promisedVertices < vertices || promisedVertices > MOST) {
                    throw lines.wrong("there are " + vertices + " already, and at most " + MOST + " are possible");
                }
                vertices = (int) promisedVertices;
            }
        } while (lines.next());
        if (promisedEdges >= 0 && promisedEdges != count) {
            throw lines.cutOff("it has " + count + " edges, but a remark in it promises " + promisedEdges);
        }
    }

    private void add(int source, int target) {
        if (count == MOST) {
            throw lines.wrong("more than " + MOST + " edges");
        }
        if (count == from.length) {
            int larger = (int) Math.min(MOST, 2L * count);
            from = Arrays.copyOf(from, larger);
            to = Arrays.copyOf(to, larger);
        }
        from[count] = source;
        to[count] = target;
        count++;
        vertices = Math.max(vertices, Math.max(source, target) + 1);
    }
}
