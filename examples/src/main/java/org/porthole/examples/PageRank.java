package org.porthole.examples;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.porthole.Epoch;
import org.porthole.Job;
import org.porthole.Operator;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// PageRank of the vertices of a directed graph: where somebody is found who follows edges at random and now and then, with probability
/// `1 - damping` and wherever no edge goes on, jumps to any vertex.
///
/// The vertices are split over the ranks in blocks. All scores begin equal; in each iteration every vertex sends its score along its edges,
/// in equal shares, until the scores change no more. They are checked to add up to one, and rank 0 applies the operator once more, alone.
/// Without `--input` the graph is that of the dependencies between the packages of Debian 12: who is needed most?
///
/// **Windows.** `graph` lies at rank 0 alone, which has read the file; each rank gets its block from it. `shares` has room for what each
/// vertex sends along one of its edges, at every rank: in a fence epoch, each puts those of its block to all.
///
/// ```
/// porthole run -n 4 pagerank --input web-graph.txt.gz --damping 0.9
/// ```
///
/// **Source.** Page, Brin, Motwani, Winograd: The PageRank Citation Ranking, 1998. Dangling vertices as in Langville and Meyer, 2004.
public final class PageRank {
    private static final String USAGE = """
            pagerank [options]: ranks the vertices of a graph
              --input FILE      edges "from to", or Matrix Market; plain or gzip (default: packages of Debian 12)
              --damping P       probability of following an edge (default 0.85)
              --tolerance T     stops when the scores change by less in sum (default 1e-10)
              --iterations N    stops then anyway (default 200)
            """;

    private static final int SHOWN = 10;
    private static final double TOLERANCE_OF_SUM = 1e-9;
    private static final double ROUNDING = 1e-12;

    private PageRank() {}

    /// Joins the job and runs.
    ///
    /// @param args see the class
    public static void main(String[] args) {
        Example.start(USAGE, args, (job, arguments) -> run(job, PageRankSettings.of(arguments)));
    }

    static PageRankResult run(Job job, PageRankSettings settings) {
        Optional<Graph> graph = Example.onRankZero(job, settings::read);
        int vertices = (int) job.world().allreduce(graph.map(Graph::vertices).orElse(0), Operator.MAX);
        int edges = (int) job.world().allreduce(graph.map(Graph::edges).orElse(0), Operator.MAX);
        Blocks blocks = new Blocks(vertices, job.size());
        long first = blocks.first(job.rank());
        Graph block = GraphBlocks.take(job, graph, blocks, edges);

        double[] scores = new double[block.vertices()];
        Arrays.fill(scores, 1.0 / vertices);
        long bytes = (long) vertices * Double.BYTES;
        try (Window shares = job.world().openWindow(WindowSpec.ofBytes(bytes).named("shares"))) {
            double change = Double.MAX_VALUE;
            int iteration = 0;
            long startNs = System.nanoTime();
            while (change > settings.tolerance() && iteration < settings.iterations()) {
                change = iterate(job, shares, first, block, scores, settings.damping());
                iteration++;
            }
            double seconds = Example.secondsSince(startNs);
            double[] all = blocks.gather(job.world(), scores);
            verify(job, graph, all, settings.damping(), change);
            List<Ranked> top = Example.onRankZero(job, () -> Ranked.first(SHOWN, all, settings.names()))
                    .orElse(List.of());
            return new PageRankResult(
                    vertices, edges, job.size(), iteration, change, settings.tolerance(), seconds, top);
        }
    }

    /// Computes this block's next scores from those of all vertices.
    ///
    /// @return by how much the scores of all vertices have changed in sum
    private static double iterate(Job job, Window shares, long first, Graph block, double[] scores, double damping) {
        double[] share = new double[scores.length];
        double dangling = 0;
        for (int i = 0; i < share.length; i++) {
            share[i] = scores[i] / Math.max(1, block.outDegrees[i]);
            dangling += block.outDegrees[i] == 0 ? scores[i] : 0;
        }
        dangling = job.world().allreduce(dangling, Operator.SUM);
        try (Epoch epoch = shares.fence()) {
            for (int i = 0; i < job.size(); i++) {
                int target = (job.rank() + i) % job.size(); // not all to the same at once
                epoch.put(target, first * Double.BYTES, MemorySegment.ofArray(share));
            }
        }
        MemorySegment all = shares.local();
        int vertices = (int) (all.byteSize() / Double.BYTES);
        double change = 0;
        for (int i = 0; i < scores.length; i++) {
            double inflow = dangling / vertices;
            for (int edge = block.starts[i]; edge < block.starts[i + 1]; edge++) {
                inflow += all.getAtIndex(ValueLayout.JAVA_DOUBLE, block.sources[edge]);
            }
            double score = (1 - damping) / vertices + damping * inflow;
            change += Math.abs(score - scores[i]);
            scores[i] = score;
        }
        return job.world().allreduce(change, Operator.SUM);
    }

    /// An iteration brings scores nearer to each other by the factor `damping`, so the next change is known before it is computed.
    private static void verify(Job job, Optional<Graph> graph, double[] scores, double damping, double change) {
        double sum = Arrays.stream(scores).sum();
        boolean sumIsOne = graph.isEmpty() || Math.abs(sum - 1) <= TOLERANCE_OF_SUM;
        Example.verify(job, sumIsOne, "the scores add up to " + sum + ", not to 1");
        double residual = graph.map(it -> it.residual(scores, damping)).orElse(0.0);
        Example.verify(
                job,
                residual <= damping * change + ROUNDING,
                "one more iteration, done serially, changes the scores by " + residual + " after a change of "
                        + change);
    }
}
