package org.porthole.examples;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.stream.IntStream;
import org.porthole.Epoch;
import org.porthole.Job;
import org.porthole.Window;
import org.porthole.WindowSpec;

/// Conway's Game of Life on a torus, in millions of cell updates per second.
///
/// The rows are split over the ranks. Before each generation, every rank gets the row above its first and the one below its last. In the end
/// the cells come to rank 0, which compares them with those of a serial run. Without `--input` the pattern is Gosper's glider gun, the first
/// that was found to grow for ever.
///
/// **Windows.** `world` lies at rank 0 alone: the others get their rows from it and put them back. `ghosts` has two rows at each rank, which
/// its neighbours put there, in an epoch of their own ([Window#exchange(int...)]).
///
/// ```
/// porthole run -n 4 life --input r-pentomino.rle --generations 1103 --show
/// ```
///
/// **Source.** Gardner, Scientific American 223 (October 1970); the RLE format: LifeWiki, "Run Length Encoded".
public final class Life {
    private static final String USAGE = """
            life [options]: Conway's Game of Life on a torus
              --input FILE      a pattern in RLE format; it is put in the middle (default: Gosper's glider gun)
              --columns N       the torus's width (default 512)
              --rows N          its height (default 512)
              --generations N   how many (default 1000)
              --show            prints the cells at the end
            """;

    private final Torus mine;
    private final Window ghosts;
    private final int above;
    private final int below;
    private final int[] neighbours;

    private Life(Job job, Torus mine, Window ghosts) {
        this.mine = mine;
        this.ghosts = ghosts;
        above = Math.floorMod(job.rank() - 1, job.size());
        below = (job.rank() + 1) % job.size();
        neighbours = IntStream.of(above, below).distinct().toArray();
    }

    /// Joins the job and runs.
    ///
    /// @param args see the class
    public static void main(String[] args) {
        Example.start(USAGE, args, (job, arguments) -> run(job, LifeSettings.of(arguments)));
    }

    static Result run(Job job, LifeSettings settings) {
        if (settings.rows() < job.size()) {
            throw new UsageException("--rows: " + settings.rows() + " are too few for " + Example.ranks(job.size()));
        }
        Optional<Torus> start = Example.onRankZero(job, settings::read);
        long cells = (long) settings.columns() * settings.rows();
        WindowSpec atRankZero = WindowSpec.ofBytes(job.rank() == 0 ? cells : 0);
        WindowSpec twoRows = WindowSpec.ofBytes(2L * settings.columns());
        try (Window world = job.world().openWindow(atRankZero.named("world"));
                Window ghosts = job.world().openWindow(twoRows.named("ghosts"))) {
            start.ifPresent(it -> it.copyTo(world.local()));
            Blocks blocks = new Blocks(settings.rows(), job.size());
            WholeRows rows = new WholeRows(world, blocks, settings.columns());
            Life life = new Life(job, new Torus(settings.columns(), (int) blocks.count(job.rank())), ghosts);
            rows.take(life.mine::row);
            job.world().barrier();
            long startNs = System.nanoTime();
            for (int generation = 0; generation < settings.generations(); generation++) {
                life.exchangeBorders();
                life.mine.step();
            }
            double seconds = Example.slowestSince(job, startNs);
            rows.giveBack(life.mine::row);
            return result(job, settings, start, world, seconds);
        }
    }

    private static Result result(Job job, LifeSettings settings, Optional<Torus> start, Window world, double seconds) {
        Torus end = new Torus(settings.columns(), job.rank() == 0 ? settings.rows() : 0);
        end.copyFrom(world.local());
        boolean same = start.isEmpty() || end.hasSameCells(start.get().after(settings.generations()));
        Example.verify(job, same, "the cells are not those of a serial run");
        double updates = (double) settings.columns() * settings.rows() * settings.generations();
        Rate rate = new Rate(settings.toString(), job.size(), seconds, updates, " cell updates");
        return new Result(rate, end.population(), settings.show() ? end.toString() : "");
    }

    /// Puts this rank's outermost rows beside those of its neighbours, and takes what they put here.
    private void exchangeBorders() {
        long columns = mine.columns();
        try (Epoch epoch = ghosts.exchange(neighbours)) {
            epoch.put(above, columns, mine.row(0));
            epoch.put(below, 0, mine.row(mine.rows() - 1));
        }
        MemorySegment arrived = ghosts.local();
        mine.row(-1).copyFrom(arrived.asSlice(0, columns));
        mine.row(mine.rows()).copyFrom(arrived.asSlice(columns, columns));
    }

    /// What is printed at the end.
    ///
    /// @param rate       how fast it was
    /// @param population how many cells live at the end
    /// @param picture    the cells, if they were asked for
    record Result(Rate rate, long population, String picture) {
        @Override
        public String toString() {
            return rate + "; " + population + " live, as in a serial run" + picture;
        }
    }
}
